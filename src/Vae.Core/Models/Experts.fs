namespace Vae.Core

open TorchSharp

/// One part of data that is a vector, and the encoder of what it says of the latent.
type Expert = {
    Name: string
    /// How many of the data's numbers it is, after those of the parts before it.
    Numbers: int
    Encoder: Net
}

/// Posteriors of data of several named parts, such as an image and its caption, any of which may be missing: each part's encoder gives
/// independent normals, and these are pooled to one law. A part is there where any of its values is; its encoder sees 0 for a
/// value that is not.
[<RequireQualifiedAccess>]
module Experts =
    let private check (experts: Expert list) =
        experts |> List.map _.Name |> PartNames.check (nameof experts)

        for expert in experts do
            Check.atLeast 1 $"%s{nameof experts}, the numbers of %s{expert.Name}" expert.Numbers

    let private sizes (experts: Expert list) = experts |> List.map (fun expert -> int64 expert.Numbers)

    /// Refuses what is not a vector of the parts' numbers, with nothing beside it.
    let private checkEvidence (experts: Expert list) (evidence: Evidence) =
        let n = List.sum (sizes experts)

        if
            evidence.Data <> Some [| n |]
            || evidence.Shape <> [| (if evidence.IsIncomplete then 2L * n else n) |]
        then
            Check.refuse
                "posterior"
                $"experts of parts of %d{n} numbers, given %s{Check.shape evidence.Shape}"
                $"data that is a vector of %d{n} numbers, and nothing else"

    /// What a part's encoder says: mean and log-scale of each normal, [batch, latent...].
    type private Said = { Loc: Tensor; LogScale: Tensor }

    /// What each part says and, of data whose values may be missing, which are there, booleans [batch, parts].
    let private wire policy path (experts: Expert list) (evidence: Evidence) (latent: int64[]) =
        checkEvidence experts evidence
        let n = List.sum (sizes experts)

        let parts = [
            for expert, size, start in List.zip3 experts (sizes experts) (Shape.starts (sizes experts)) ->
                Posterior.normalHeads policy $"%s{path}.%s{expert.Name}" [| size |] latent expert.Encoder, start, size
        ]

        {
            Declared = parts |> List.collect (fun (heads, _, _) -> heads.Declared)
            Apply =
                fun parameters mode (x: Tensor) ->
                    let said = [
                        for heads, start, size in parts ->
                            let loc, logScale, _ = heads.Apply parameters mode (x.narrow (-1L, start, size))
                            { Loc = loc; LogScale = logScale }
                    ]

                    let there =
                        if evidence.IsIncomplete then
                            let ofPart (_, start, size) = x.narrow(-1L, n + start, size).gt(0.5.AsScalar()).any -1L
                            Some(torch.stack (parts |> List.map ofPart |> List.toArray, -1L))
                        else
                            None

                    said, there
        }

    /// N(0, I) times the normals of the parts that are there: their precisions add up (Wu and Goodman, "Multimodal generative models
    /// for scalable weakly-supervised learning", 2018, equation 3).
    let private productOf (latent: int64[]) (said: Said list, there: Tensor option) : Encoded =
        let precision i (said: Said) =
            let own = (-2.0 .* said.LogScale).exp()

            match there with
            | Some there -> own * Shape.besideEvents latent.Length ((there.select (-1L, int64 i)).to_type own.dtype)
            | None -> own

        let precisions = said |> List.mapi precision
        let sum = 1.0 .+ List.reduce (.+.) precisions
        let weighed = List.map2 (fun precision (said: Said) -> precision * said.Loc) precisions said
        Posterior.normals latent (List.reduce (.+.) weighed / sum) (-0.5 .* sum.log ())

    /// The parts that are there in equal shares; N(0, I) where none is (Shi et al., "Variational mixture-of-experts autoencoders for
    /// multi-modal deep generative models", 2019). Which part a draw is of does not depend on a parameter, so that draws pass
    /// gradients. Several draws of an example are dealt to the parts in turn, beginning at a random one.
    let private mixtureOf (latent: int64[]) (said: Said list, there: Tensor option) : Encoded =
        let rank = latent.Length
        let axis = int64 (-1 - rank)

        let said, there =
            match there with
            | None -> said, None
            | Some there ->
                let none = torch.zeros_like said.Head.Loc
                let isAlone = there.any(-1L, keepdim = true).logical_not()
                said @ [ { Loc = none; LogScale = none } ], Some(torch.cat ([| there; isAlone |], -1L))

        let side (of': Said -> Tensor) = torch.stack (said |> List.map of' |> List.toArray, axis)
        let loc, logScale = side _.Loc, side _.LogScale
        let batch = loc.shape[.. loc.shape.Length - rank - 2]
        let count = int64 said.Length

        let there =
            match there with
            | Some there -> there
            | None -> torch.ones (Array.append batch [| count |], dtype = torch.ScalarType.Bool, device = loc.device)

        let logits =
            torch
                .zeros(there.shape, dtype = loc.dtype, device = loc.device)
                .masked_fill(there.logical_not (), System.Double.NegativeInfinity.AsScalar())

        let law =
            Independent.create rank (Normal.OfLogScale(loc, logScale))
            |> Mixture.create (Categorical.ofLogits logits)

        let draw (rows: Rows option) key (draws: int64[]) =
            let rows = rows |> Option.defaultValue (Rows.all (int batch[0]))
            let place = Placement.like loc
            let whichKey, noiseKey = Key.split key

            let normal =
                (Key.normal place (Array.concat [ draws; [| int64 rows.Of |]; latent ]) noiseKey)
                    .narrow(int64 draws.Length, int64 rows.Start, int64 rows.Count)

            let first =
                (Key.uniform place [| int64 rows.Of |] whichKey).narrow(0L, int64 rows.Start, int64 rows.Count)

            let k = Shape.size draws
            let turn = Tensor.ofArray place [| k; 1L |] (Array.init (int k) float)
            // Each uniform in [0, 1), and those of one example as far apart as can be.
            let along = ((1.0 / float k .* turn) .+. first).frac()
            let among = there.to_type(place.DType).sum -1L
            let chosen = (along * among).floor().minimum(-1.0 .+ among).unsqueeze -1L
            let number = -1.0 .+ there.to_type(place.DType).cumsum -1L

            let isChosen =
                number.eq(chosen).logical_and(there).reshape(Array.concat [ draws; [| int64 rows.Count; count |] ])

            let pick (t: Tensor) = (Shape.besideEvents rank (isChosen.to_type t.dtype) * t).sum axis
            pick loc .+. (pick (logScale.exp ()) * normal)

        Encoded.OfDraws(law, draw)

    let private make pooling policy (experts: Expert list) : Posterior =
        LogScale.check policy
        check experts

        let pool =
            match pooling with
            | Pooling.Product -> productOf
            | Pooling.Mixture -> mixtureOf

        {
            Spec = PosteriorSpec.Experts(pooling, policy, [ for e in experts -> e.Name, e.Numbers, e.Encoder ])
            Wire = fun path evidence latent -> wire policy path experts evidence latent |> Learned.map (pool latent)
            Example =
                fun first _ latent ->
                    let shape = Array.append [| 1L |] latent

                    let said i = {
                        Loc = (Tensor.scalar Placement.float32 (first + 0.1 * float i)).expand shape
                        LogScale = (Tensor.scalar Placement.float32 0.2).expand shape
                    }

                    pool latent (List.mapi (fun i _ -> said i) experts, None)
            Code = fun _ -> None
        }

    /// `productOf` by a stated policy for the normals' log-scales.
    let productBy (policy: LogScale) (experts: Expert list) : Posterior = make Pooling.Product policy experts

    /// The product of N(0, I) and of the normals of the parts that are there (Wu and Goodman, 2018): a diagonal normal, narrower
    /// the more parts there are.
    let product (experts: Expert list) : Posterior = productBy (LogScale.SoftClamp 10.0) experts

    /// `mixture` by a stated policy for the normals' log-scales.
    let mixtureBy (policy: LogScale) (experts: Expert list) : Posterior = make Pooling.Mixture policy experts

    /// The normals of the parts that are there, in equal shares (Shi et al., 2019). Its KL is sampled.
    let mixture (experts: Expert list) : Posterior = mixtureBy (LogScale.SoftClamp 10.0) experts
