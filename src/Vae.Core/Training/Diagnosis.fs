namespace Vae.Core

open System
open TorchSharp

/// What was not finite first in a step that went wrong. It is computed again, in parts: only where something did go wrong.
[<RequireQualifiedAccess>]
module internal Diagnosis =
    /// Whether all numbers are finite. Sums of finite numbers overflow, so that only a finite sum says so at once.
    let isFinite (t: Tensor) : bool =
        use _ = torch.NewDisposeScope()
        let t = t.detach ()
        Double.IsFinite(Tensor.toFloat (t.sum ())) || t.isfinite().all().isTrue()

    /// The rows, of a batch of so many, in which a tensor of [batch, ...] or [draws * batch, ...] is not finite.
    let private rowsOf (batch: int) (t: Tensor) : int list =
        use _ = torch.NewDisposeScope()
        let t = t.detach ()

        if t.ndim = 0L || int t.shape[0] % batch <> 0 then
            []
        else
            let wrong = t.reshape([| t.shape[0]; -1L |]).isfinite().logical_not().any(1L)
            let rows = wrong.nonzero().flatten().cpu().to_type(torch.ScalarType.Float64) |> Tensor.toArray
            rows |> Array.map (fun row -> int row % batch) |> Array.distinct |> Array.toList

    let private first (examples: int[]) (rows: int list) =
        rows |> List.truncate 10 |> List.map (fun row -> examples[row])

    /// A vector of the trained parameters' numbers as the parts that belong to each.
    let private parts (parameters: Params) (flat: Tensor) : seq<Parameter * Tensor> =
        let trained = parameters.Declared |> List.filter _.Trained
        let sizes = trained |> List.map (fun p -> Shape.size p.Shape) |> List.toArray
        Seq.zip trained (flat.split (sizes, 0L))

    /// Of the forward pass: the first layer whose output is not finite, or else the first term, and the examples it comes from.
    /// A law may refuse to end the pass, as its parameters are no numbers. None where all that was computed is finite.
    let ofForward (terms: Params -> Term list) (parameters: Params) (examples: int[]) : (string * int list) option =
        use _ = torch.NewDisposeScope()
        use _ = torch.no_grad ()
        let mutable found = None

        let see what (t: Tensor) =
            if found.IsNone && not (isFinite t) then
                found <- Some($"%s{what} is not finite", first examples (rowsOf examples.Length t))

        try
            for term in terms (parameters.Probed(fun layer -> see $"the output of layer %s{layer}")) do
                see $"term %s{term.Name}" term.Nats.Values
        with :? ArgumentException ->
            ()

        found

    /// Of the gradient: the parameter nearest to the loss by which it is not finite, and the examples, by the loss of each alone,
    /// whose own gradient is not.
    let ofGradient
        (loss: int -> Tensor -> Tensor)
        (parameters: Params)
        (gradient: Tensor)
        (examples: int[])
        : string * int list =
        use _ = torch.NewDisposeScope()

        let by = parts parameters gradient |> Seq.filter (fun (_, part) -> not (isFinite part)) |> Seq.tryLast

        let what =
            match by with
            | Some(p, _) -> $"the gradient by %s{p.Path} is not finite"
            | None -> "the gradient is longer than a float64 can say"

        let isWrong row =
            use _ = torch.NewDisposeScope()

            try
                not (isFinite (Diff.grad (loss row) parameters.Trained))
            // A model that cannot be told of some rows of a batch alone.
            with :? ArgumentException ->
                false

        // As many passes as there are examples: for a batch of thousands it is not worth it.
        let rows =
            if examples.Length > 512 then
                []
            else
                List.filter isWrong [ 0 .. examples.Length - 1 ]

        // Where each alone is finite it is their sum that is not, which is no single one's.
        what, first examples rows

    /// Of what a step has left: the parameter, or what the optimizer remembers of one.
    let ofState (optimizer: string) (parameters: Params) (slots: (string * Tensor) list) : string =
        let at (of': string) (flat: Tensor) =
            parts parameters flat
            |> Seq.tryFind (fun (_, part) -> not (isFinite part))
            |> Option.map (fun (p, part) ->
                let lost = part.isfinite().logical_not().sum().whole()
                $"the step would leave %s{of'}%s{p.Path} with %d{lost} of %d{part.numel ()} numbers that are not finite")

        use _ = torch.NewDisposeScope()

        at "" parameters.Trained
        |> Option.orElseWith (fun () ->
            slots
            |> List.tryPick (fun (name, slot) -> at $"what %s{optimizer} remembers as '%s{name}' of " slot))
        |> Option.defaultValue "the step would leave numbers that are not finite"
