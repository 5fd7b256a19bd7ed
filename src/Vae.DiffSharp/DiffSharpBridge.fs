namespace Vae.DiffSharp

open System
open DiffSharp
open TorchSharp
open Vae.Core

/// What Vae.Core computes as functions of DiffSharp tensors, on DiffSharp's Reference backend: `dsharp.grad`, `jacobian`,
/// `hessian`, their kin and any nesting of them differentiate these, and DiffSharp's optimisers make them small. Torch
/// evaluates them, and differentiates them in the same pass; its memory is given back before a function returns.
///
/// Tensors are Float32 or Float64. A tensor of another type, backend or length is refused by name.
[<RequireQualifiedAccess>]
module DiffSharpBridge =
    /// A function of a torch tensor as one of a DiffSharp tensor, with derivatives of every order in either mode. What it
    /// makes is disposed of after each evaluation; it may be evaluated again for derivatives of derivatives.
    let lift (f: Tensor -> Tensor) : DiffSharp.Tensor -> DiffSharp.Tensor =
        Native.load ()

        fun x ->
            Values.readable (nameof x) x
            Lifted.apply f x

    /// log p(x) as a function of a law's parameters: a scalar, or a vector for a batch.
    let logProb (law: Tensor -> #Distribution) (x: Tensor) : DiffSharp.Tensor -> DiffSharp.Tensor =
        lift (fun parameters -> (law parameters).LogProb x)

    /// KL(q || p), in closed form, as a function of the parameters of either law or of both.
    let kl (q: Tensor -> #Distribution) (p: Tensor -> #Distribution) : DiffSharp.Tensor -> DiffSharp.Tensor =
        lift (fun parameters -> Kl.exact (q parameters) (p parameters))

    /// What training moves, one after the other in declared order, as a DiffSharp vector: a copy.
    let toVector (parameters: Params) : DiffSharp.Tensor =
        DiffSharp.Tensor.ofRawTensor (Values.ofTorch parameters.Trained)

    /// A vector in the names and shapes of a model's parameters, with the constants of `like`. The caller disposes of them.
    let toParams (like: Params) (vector: DiffSharp.Tensor) : Params =
        Values.parametersOf like vector
        use _ = torch.NewDisposeScope()
        let views = like.With(Values.toTorchOn like.Placement.Device vector.primalRaw)
        Params.Create(like.Placement, like.Declared, (fun p -> views[p.Path]))

    /// The parts of a vector by the paths of a model's parameters and in their shapes. They are differentiable.
    let named (like: Params) (vector: DiffSharp.Tensor) : (string * DiffSharp.Tensor) list =
        Values.parametersOf like vector
        let trained = like.Declared |> List.filter _.Trained
        let shapes = trained |> List.map (fun p -> Array.map int p.Shape)
        let parts = vector.split (shapes |> List.map (Array.fold (*) 1))

        List.zip3 trained shapes (List.ofArray parts)
        |> List.map (fun (p, shape, part) -> p.Path, part.view shape)

    /// The parameters a model's constants are taken from; what training moves is 0.
    let private constantsOf (place: Placement) (vae: Vae) =
        let value (p: Parameter) =
            if p.Trained then
                torch.zeros (p.Shape, dtype = place.DType, device = place.Device)
            else
                p.Initial place (Key.foldName p.Path (Key.ofSeed 0))

        use _ = torch.NewDisposeScope()
        Params.Create(place, Vae.declared vae, value)

    /// The loss of what a pass makes of parameters.
    let private lossOf (like: Params) (progress: Progress) (terms: Params -> Term list) (vector: DiffSharp.Tensor) =
        Values.parametersOf like vector

        Lifted.apply
            (fun flat -> Objective.lossAt progress (terms (like.With(flat.``to`` like.Placement.Device))))
            vector

    /// The loss of an objective on a batch, [batch, data...], as a function of the parameter vector. Everything random in it
    /// is a function of the key. The constants of the model are those it begins with; the batch stays the caller's.
    let objective (vae: Vae) (objective: Objective) (batch: Tensor) (key: Key) =
        let batch = Batch.ofX batch
        Native.load ()
        let like = constantsOf (Placement.like batch.X) vae
        lossOf like Progress.ended (fun parameters -> Objective.terms key vae parameters batch objective)

    /// The loss of an objective on a stream of batches: each time the function is applied it goes on to the next step, from
    /// step 0. `batches` makes the batch of a step and the key of its noise, the same ones each time it is asked; a batch it
    /// makes is disposed of. An operator that applies its function several times (`hessian`) sees as many batches.
    let minibatches (vae: Vae) (objective: Objective) (batches: int -> Batch * Key) =
        Native.load ()

        let like =
            use _ = torch.NewDisposeScope()
            constantsOf (Placement.like (fst (batches 0)).X) vae

        let mutable step = -1

        fun (vector: DiffSharp.Tensor) ->
            step <- step + 1
            let now = step

            let terms parameters =
                let batch, key = batches now
                Objective.terms key vae parameters batch objective

            lossOf like Progress.ended terms vector

    /// Trains a model with one of DiffSharp's optimisers, over the batches and the noise that `Training.fit` has, from the
    /// same first parameters. Refuses early stopping and a snapshot to go on from, which these optimisers do not know.
    let train (objective: Objective) (minimizer: Minimizer) (start: Start) : Run =
        if start.Options.Patience.IsSome then
            Values.refuse "Patience" (string start.Options.Patience.Value) "none: DiffSharp's optimiser runs to its end"

        if start.From.IsSome then
            Values.refuse
                "start"
                "one that goes on"
                "one from the beginning: DiffSharp's optimiser keeps its moments to itself"

        Native.load ()
        let steps = Training.steps start

        if steps.Count > int64 Int32.MaxValue then
            Values.refuse
                "Epochs"
                $"%d{start.Options.Epochs}, which are %d{steps.Count} steps"
                $"at most %d{Int32.MaxValue} steps, which DiffSharp's optimisers count"

        let history = History minimizer.Rate
        use first = (Training.untrained start.Options start.Vae).Params
        let mutable step = 0L

        let complete (vector: DiffSharp.Tensor) =
            history.Complete(fun () ->
                use parameters = toParams first vector
                steps.Validate(objective, start.Vae, parameters))

        let loss (vector: DiffSharp.Tensor) =
            if step > 0L && step <= steps.Count && step % int64 steps.PerEpoch = 0L then
                complete vector.primalDeep

            let now = step
            let mutable seen = []

            let terms parameters =
                let terms = steps.Terms(now, start.Vae, parameters, objective)

                if now < steps.Count then
                    seen <- [ Seen.ofTerms (steps.Progress now) (Batch.count (steps.Batch now)) terms ]

                terms

            let value = lossOf first (steps.Progress now) terms vector

            List.iter history.Add seen

            // As in Training: small native objects live until their finalizers run.
            if step % 50L = 0L then
                GC.Collect 0

            step <- step + 1L
            value

        let final = minimizer.Minimize loss (toVector first) (int steps.Count)

        if step = steps.Count then
            complete final.primalDeep

        {
            Vae = start.Vae
            Params = toParams first final.primalDeep
            History = history.Epochs
        }
