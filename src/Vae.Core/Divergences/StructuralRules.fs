namespace Vae.Core

open TorchSharp

/// KL between laws that are made of laws, by the divergences of these.
[<RequireQualifiedAccess>]
module internal StructuralRules =
    let private page = "kl-structure"

    /// Products of laws over the same event: the sum over the event of the factors' divergences.
    let private independent rules (q: Independent) (p: Independent) =
        if q.Dimensions = p.Dimensions then
            KlLookup.tryBy rules q.Base p.Base |> Option.map (Shape.sumLast q.Dimensions)
        else
            None

    /// Products of named parts: the sum over the parts, where all are known.
    let private product rules (q: Product) (p: Product) =
        let parts = List.map fst
        let shapes = List.map (fun (_, law: Distribution) -> law.EventShape)

        if parts q.Parts = parts p.Parts && shapes q.Parts = shapes p.Parts then
            let known = List.map2 (fun (_, q) (_, p) -> KlLookup.tryBy rules q p) q.Parts p.Parts

            if List.forall Option.isSome known then
                known |> List.choose id |> List.reduce (.+.) |> Some
            else
                None
        else
            None

    /// Laws under one mask: the divergence of those that count.
    let private masked rules (q: Masked) (p: Masked) =
        if
            obj.ReferenceEquals(q.Mask, p.Mask)
            || (q.Mask.shape = p.Mask.shape && q.Mask.eq(p.Mask).all().isTrue())
        then
            KlLookup.tryBy rules q.Base p.Base
            |> Option.map (fun nats -> nats.masked_fill (q.Mask.logical_not (), 0.0.AsScalar()))
        else
            None

    /// An invertible map changes both densities by one factor: the divergence of what is mapped.
    let private transformed rules (q: Transformed) (p: Transformed) =
        if obj.ReferenceEquals(q.Transform, p.Transform) && q.Base.EventShape = p.Base.EventShape then
            KlLookup.tryBy rules q.Base p.Base
        else
            None

    /// The same of laws of numbers.
    let private transformedUnivariate rules (q: TransformedUnivariate) (p: TransformedUnivariate) =
        if obj.ReferenceEquals(q.Transform, p.Transform) then
            KlLookup.tryBy rules q.Base p.Base
        else
            None

    let all = [
        KlRule.structural @"\sum_i \mathrm{KL}(q_i \,\|\, p_i)" "the factors have a rule" page independent
        KlRule.structural @"\sum_i \mathrm{KL}(q_i \,\|\, p_i)" "parts of the same names that have rules" page product
        KlRule.structural @"m\,\mathrm{KL}(q \,\|\, p)" "one mask m; the laws have a rule" page masked
        KlRule.structural
            @"\mathrm{KL}(q_{\text{base}} \,\|\, p_{\text{base}})"
            "one and the same transform; the bases have a rule"
            page
            transformed
        KlRule.structural
            @"\mathrm{KL}(q_{\text{base}} \,\|\, p_{\text{base}})"
            "one and the same transform; the bases have a rule"
            page
            transformedUnivariate
    ]
