namespace Vae.Core

open TorchSharp

/// Data of named parts, seen as a whole and one part at a time: a posterior that is to say what a part alone tells has to be trained
/// on parts alone (Wu and Goodman, "Multimodal generative models for scalable weakly-supervised learning", 2018, section 2.2).
[<RequireQualifiedAccess>]
module internal EachPart =
    /// The parts' names, and where each begins and how long it is; None of data that has none.
    let parts (vae: Vae) : (string * int64 * int64) list option =
        match vae.Parts.Likelihood.Spec with
        | LikelihoodSpec.Product(parts, _) when vae.Parts.IsIncomplete ->
            let sizes = parts |> List.map (fun (_, numbers, _) -> int64 numbers)
            Some [ for (name, _, _), start, size in List.zip3 parts (Shape.starts sizes) sizes -> name, start, size ]
        | _ -> None

    /// The batch of which only a part is there.
    let private only (start: int64) (size: int64) (batch: Batch) : Batch =
        let places = [| for place in 0L .. Array.last batch.X.shape - 1L -> place >= start && place < start + size |]
        let inside = (torch.tensor (places, device = batch.X.device)).expand batch.X.shape

        let there =
            match batch.Observed with
            | Some there -> there.logical_and inside
            | None -> inside

        Batch.observed there batch

    /// The terms of the whole, and those of each part alone, called "NAME of PART".
    let terms (objective: Pass -> Term list) (draws: int) (pass: Pass) : Term list = [
        yield! objective pass
        for name, start, size in (parts pass.Setting.Vae).Value do
            let alone = Pass.another $"only %s{name}" draws pass.Setting (only start size pass.Batch)
            for term in objective alone -> { term with Name = $"%s{term.Name} of %s{name}" }
    ]
