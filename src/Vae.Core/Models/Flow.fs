namespace Vae.Core

open TorchSharp

/// A learned bijection of vectors. Those with few parameters take them from an encoder's code, for each example; those that
/// are networks learn their own weights.
[<RequireQualifiedAccess>]
type FlowStep =
    /// x + u tanh(w x + b) (Rezende and Mohamed, 2015, equation 10).
    | Planar
    /// Towards a centre or away from it (Rezende and Mohamed, 2015, equation 14).
    | Radial
    /// So many reflections (Tomczak and Welling, 2016).
    | Householder of reflections: int
    /// A planar one in so many directions at once, which so many reflections make orthogonal (van den Berg et al., 2018).
    | Sylvester of directions: int
    /// Each number by those before it of what it is made from: fast to draw from (Kingma et al., 2016).
    | InverseAutoregressive of widths: int list
    /// Each number by those before it of what is made: fast to score (Papamakarios, Pavlakou and Murray, 2017).
    | MaskedAutoregressive of widths: int list
    /// Half of the numbers shifted and scaled by a network of the others (Dinh, Sohl-Dickstein and Bengio, 2017).
    | Coupling of widths: int list
    /// Half of the numbers by monotone splines that a network of the others gives (Durkan et al., 2019).
    | Spline of bins: int * widths: int list
    /// The numbers in the opposite order.
    | Reverse

    override this.ToString() =
        let net widths = widths |> List.map string |> String.concat "-"

        match this with
        | Planar -> "planar"
        | Radial -> "radial"
        | Householder n -> $"householder %d{n}"
        | Sylvester n -> $"sylvester %d{n}"
        | InverseAutoregressive widths -> $"inverse autoregressive %s{net widths}"
        | MaskedAutoregressive widths -> $"masked autoregressive %s{net widths}"
        | Coupling widths -> $"coupling %s{net widths}"
        | Spline(bins, widths) -> $"spline of %d{bins} bins, %s{net widths}"
        | Reverse -> "reverse"

/// Learned bijections, first to last.
type Flow = {
    Steps: FlowStep list
} with

    override this.ToString() = this.Steps |> List.map string |> String.concat ", "

[<RequireQualifiedAccess>]
module Flow =
    let private times (count: int) (step: FlowStep) : Flow =
        Check.atLeast 1 (nameof count) count
        { Steps = List.replicate count step }

    /// Copies of a step with the order of the numbers turned between them.
    let private turning (count: int) (step: FlowStep) : Flow =
        Check.atLeast 1 (nameof count) count

        {
            Steps = [
                for i in 1..count do
                    step

                    if i < count then
                        FlowStep.Reverse
            ]
        }

    let private checkWidths (widths: int list) = widths |> List.iter (Check.atLeast 1 (nameof widths))

    /// So many planar flows (Rezende and Mohamed, 2015).
    let planar (count: int) : Flow = times count FlowStep.Planar

    /// So many radial flows (Rezende and Mohamed, 2015).
    let radial (count: int) : Flow = times count FlowStep.Radial

    /// So many Householder reflections (Tomczak and Welling, 2016): a rotation, which correlates independent numbers.
    let householder (reflections: int) : Flow =
        Check.atLeast 1 (nameof reflections) reflections
        { Steps = [ FlowStep.Householder reflections ] }

    /// So many Sylvester flows of so many directions (van den Berg et al., 2018).
    let sylvester (directions: int) (count: int) : Flow =
        Check.atLeast 1 (nameof directions) directions
        times count (FlowStep.Sylvester directions)

    /// So many inverse autoregressive flows by networks of these widths, the order turned between them (Kingma et al., 2016).
    let inverseAutoregressiveBy (widths: int list) (count: int) : Flow =
        checkWidths widths
        turning count (FlowStep.InverseAutoregressive widths)

    /// The same by one layer of 64.
    let inverseAutoregressive (count: int) : Flow = inverseAutoregressiveBy [ 64 ] count

    /// So many masked autoregressive flows by networks of these widths, the order turned between them (Papamakarios et al., 2017).
    let maskedAutoregressiveBy (widths: int list) (count: int) : Flow =
        checkWidths widths
        turning count (FlowStep.MaskedAutoregressive widths)

    /// The same by one layer of 64.
    let maskedAutoregressive (count: int) : Flow = maskedAutoregressiveBy [ 64 ] count

    /// So many affine couplings by networks of these widths, the order turned between them (Dinh et al., 2017).
    let coupling (widths: int list) (count: int) : Flow =
        checkWidths widths
        turning count (FlowStep.Coupling widths)

    /// So many couplings by splines of so many bins within +-5 (Durkan et al., 2019).
    let spline (bins: int) (widths: int list) (count: int) : Flow =
        Check.atLeast 2 (nameof bins) bins
        checkWidths widths
        turning count (FlowStep.Spline(bins, widths))

    /// The steps of one flow after those of another.
    let andThen (next: Flow) (flow: Flow) : Flow = { Steps = flow.Steps @ next.Steps }

    /// Beyond it splines are the identity.
    let private splineBound = 5.0

    let private sizesOf (k: int64) step =
        match step with
        | FlowStep.Planar -> 2L * k + 1L
        | FlowStep.Radial -> k + 2L
        | FlowStep.Householder n -> int64 n * k
        | FlowStep.Sylvester m -> int64 m * k + 2L * int64 m * int64 m + int64 m
        | _ -> 0L

    /// The transform of numbers [batch..., n], as many as `sizesOf` says.
    let private ofNumbers (k: int64) step (numbers: Tensor) : Transform =
        let mutable start = 0L

        let take (shape: int64[]) : Tensor =
            let size = Shape.size shape
            let part = numbers.narrow (-1L, start, size)
            start <- start + size
            part.reshape (Array.append (fst (Shape.splitLast 1 part.shape)) shape)

        match step with
        | FlowStep.Planar -> Transform.planar (take [| k |]) (take [| k |]) (take [||])
        | FlowStep.Radial ->
            let centre = take [| k |]
            Transform.radial centre ((take [||]).exp()) (take [||])
        | FlowStep.Householder n -> Transform.householder (take [| int64 n; k |])
        | FlowStep.Sylvester m ->
            let m = int64 m
            let vectors = take [| m; k |]
            let r, rTilde = (take [| m; m |]).triu(), (take [| m; m |]).triu()
            Transform.sylvester vectors r rTilde (take [| m |])
        | other -> Check.refuse "flow" (string other) "a flow of few numbers"

    let private refuse step (k: int64) =
        Check.refuse "flow" $"%O{step} of latents of %d{k} numbers" "latents of at least 2"

    /// What a network conditions half of the numbers by: of so many numbers that pass, so many for each that changes.
    let private conditioner path (widths: int list) (passing: int64) (outputs: int64) : Wired =
        let hidden = widths |> List.map (fun width -> Net.dense width --> Net.relu)
        Net.wire path [| passing |] (Net.chain (hidden @ [ Net.dense (int outputs) ]))

    let private halves (k: int64) = (k + 1L) / 2L, k / 2L
    let private mask (k: int64) = Array.init (int k) (fun i -> int64 i < fst (halves k))

    /// Weights of an autoregressive network: [out, in] and its bias, layer by layer.
    let private layers path (widths: int list) (k: int64) : (Parameter * Parameter) list =
        let sizes = (k :: List.map int64 widths) @ [ 2L * k ]

        List.pairwise sizes
        |> List.mapi (fun i (inputs, outputs) ->
            let isLast = i = widths.Length

            let weight: Parameter = {
                Path = $"%s{path}.%d{i}.weight"
                Shape = [| outputs; inputs |]
                Trained = true
                Initial =
                    fun place key ->
                        // The last layer begins at a tenth, so that the flow begins next to the identity.
                        let scale = (if isLast then 0.1 else 1.0) / sqrt (float inputs)
                        scale .* Key.normal place [| outputs; inputs |] key
            }

            weight, Learned.numbers $"%s{path}.%d{i}.bias" [| outputs |])

    let private made (k: int64) (layers: (Parameter * Parameter) list) (parameters: Params) =
        Made.OfParts(int k, [ for weight, bias in layers -> parameters[weight.Path], parameters[bias.Path] ])

    /// A step with its own parameters: what it declares, and the transform by them and by numbers from elsewhere.
    let private wireStep path (k: int64) (numbers: Params -> int -> Tensor) i step : Learned<unit, Transform> =
        let path = $"%s{path}.%d{i}"
        let stated transform : Learned<unit, Transform> = { Declared = []; Apply = transform }

        let coupled widths perNumber (transform: Tensor -> Transform) : Learned<unit, Transform> =
            let passing, changing = halves k

            if changing = 0L then
                refuse step k

            let net = conditioner path widths passing (changing * perNumber)

            let shaped (t: Tensor) =
                t.reshape (Array.append (fst (Shape.splitLast 1 t.shape)) [| changing; perNumber |])

            {
                Declared = net.Declared
                Apply =
                    fun parameters mode () ->
                        Transform.couplingBy (mask k) (fun x ->
                            // A net takes batches: a point alone is one of one.
                            if x.ndim = 1L then
                                transform (shaped ((Net.apply net parameters mode (x.unsqueeze 0L)).squeeze 0L))
                            else
                                transform (shaped (Net.apply net parameters mode x)))
            }

        let autoregressive widths make : Learned<unit, Transform> =
            let layers = layers path widths k

            {
                Declared = layers |> List.collect (fun (weight, bias) -> [ weight; bias ])
                Apply = fun parameters _ () -> make (made k layers parameters)
            }

        match step with
        | FlowStep.InverseAutoregressive widths -> autoregressive widths Transform.inverseAutoregressive
        | FlowStep.MaskedAutoregressive widths -> autoregressive widths Transform.maskedAutoregressive
        | FlowStep.Coupling widths ->
            coupled widths 2L (fun numbers ->
                // A scale within e^+-2 begins at 1 and cannot run away.
                let logScale = 2.0 .* (0.5 .* numbers.select (-1L, 1L)).tanh()
                AffineTransform.OfLogScale(numbers.select (-1L, 0L), logScale))
        | FlowStep.Spline(bins, widths) ->
            let n = int64 bins

            coupled widths (3L * n - 1L) (fun numbers ->
                Transform.spline
                    splineBound
                    (numbers.narrow (-1L, 0L, n))
                    (numbers.narrow (-1L, n, n))
                    (numbers.narrow (-1L, 2L * n, n - 1L)))
        | FlowStep.Reverse -> stated (fun _ _ () -> Transform.permute [| for j in int k - 1 .. -1 .. 0 -> j |])
        | FlowStep.Planar
        | FlowStep.Radial
        | FlowStep.Householder _
        | FlowStep.Sylvester _ -> stated (fun parameters _ () -> ofNumbers k step (numbers parameters i))

    let private check (k: int64) (flow: Flow) =
        if flow.Steps.IsEmpty then
            Check.refuse "flow" "without steps" "at least one"

        for step in flow.Steps do
            match step with
            | FlowStep.Sylvester m when int64 m > k ->
                Check.refuse "flow" $"%O{step} of latents of %d{k} numbers" $"at most %d{k} directions"
            | _ -> ()

    let private chained (steps: Learned<unit, Transform> list) (more: Parameter list) : Learned<unit, Transform> = {
        Declared = (steps |> List.collect _.Declared) @ more
        Apply = fun parameters mode () -> Transform.chain [ for step in steps -> step.Apply parameters mode () ]
    }

    /// The flow of vectors of k numbers below a path, all its parameters its own.
    let internal wire path (k: int64) (flow: Flow) : Learned<unit, Transform> =
        check k flow

        let own i step : Parameter option =
            match sizesOf k step with
            | 0L -> None
            | size ->
                Some {
                    Path = $"%s{path}.%d{i}.numbers"
                    Shape = [| size |]
                    Trained = true
                    Initial = fun place key -> 0.1 .* Key.normal place [| size |] key
                }

        let declared = flow.Steps |> List.mapi own
        let numbers (parameters: Params) i = parameters[declared[i].Value.Path]
        chained (flow.Steps |> List.mapi (wireStep path k numbers)) (List.choose id declared)

    /// The same whose numbers are a linear layer's on a code of a shape, for each example.
    let internal wireOf path (code: int64[]) (k: int64) (flow: Flow) : Learned<Tensor, Transform> =
        check k flow
        let sizes = flow.Steps |> List.map (sizesOf k)
        let starts = Shape.starts sizes
        let total = List.sum sizes

        let layer =
            if total = 0L then
                None
            else
                Some(Net.wire $"%s{path}.numbers" code (Net.flatten --> Net.dense (int total)))

        let all (code: Tensor) (parameters: Params) mode =
            layer |> Option.map (fun layer -> Net.apply layer parameters mode code)

        let apply parameters mode code =
            let all = all code parameters mode
            let numbers _ i = all.Value.narrow (-1L, starts[i], sizes[i])
            let steps = flow.Steps |> List.mapi (wireStep path k numbers)
            (chained steps []).Apply parameters mode ()

        let declared =
            flow.Steps |> List.mapi (wireStep path k (fun _ _ -> torch.empty 0L)) |> List.collect _.Declared

        {
            Declared = declared @ (layer |> Option.map _.Declared |> Option.defaultValue [])
            Apply = apply
        }

    /// A transform of points of k numbers as to its kind: one that any such flow can stand for in what is looked up of laws.
    let internal example (k: int64) : Transform =
        let number (value: float) = (Tensor.scalar Placement.float32 value).expand [| k |]
        Transform.planar (number 0.3) (number 0.2) (Tensor.scalar Placement.float32 0.1)
