/// Properties of gradients: of log-densities, and of sample paths.
[<RequireQualifiedAccess>]
module Vae.Testing.GradientTests

open System
open Expecto
open TorchSharp
open Vae.Core

/// Fixed weights for sums over draws, no two alike.
let private weights (law: Distribution) (draws: int) : Tensor =
    let shape = Array.concat [ [| int64 draws; 1L |]; law.EventShape ]
    let count = shape |> Array.fold (*) 1L |> int
    Tensor.ofArray f64 shape (Array.init count (fun i -> 1.0 + 0.37 * sin (float (3 * i + 1))))

/// The sum over all but the cases, the second dimension.
let private perCase (t: Tensor) : Tensor = t.transpose(0L, 1L).flatten(1L).sum(1L)

let private judgedSome what (cases: LawCases) judged =
    let canMove =
        [ 0 .. cases.Info.Parameters.Length - 1 ]
        |> List.exists (fun i -> (Differences.coordinates cases i).Length > 0)

    if judged = 0 && canMove then
        failtest $"%s{what} of %s{cases.Info.Name}: no derivative could be judged"

let private valuesPerCase (f: LawCases -> Tensor) (cases: LawCases) : float[][] =
    use _ = torch.NewDisposeScope()
    f cases |> Tensor.toArray |> Array.map Array.singleton

/// The log-density's gradient by every parameter is finite, and that of central differences.
let logDensity (key: Key) (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let law = LawCases.law cases
    let x = law.Sample(key, [| 3L |])
    let weights = (weights law 3).flatten(1L).narrow(1L, 0L, 1L)
    let f (law: Distribution) = perCase (weights * law.LogProb x)

    Differences.compare cases "the gradient of the log-density" (valuesPerCase (LawCases.law >> f)) [| f |]
    |> judgedSome "the gradient of the log-density" cases

let private path (cases: LawCases) =
    match cases.Info.Path with
    | Some path -> fun (law: Distribution) -> path law
    | None -> failtest $"%s{cases.Info.Name} has no path"

/// A draw of the path is the sampler's draw of the same key; it has a gradient, which the sampler's has not.
let draws (key: Key) (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let parameters = LawCases.tensors f64 cases |> Array.map (fun t -> t.requires_grad_ true)
    let law = cases.Info.Make parameters
    let sample = law.Sample(key, [| 5L |])
    let draw = (path cases law).Draw(key, [| 5L |])
    Expect.isFalse sample.requires_grad $"a sample of %s{law.Name} has a gradient"
    Expect.isTrue draw.requires_grad $"a draw of the path of %s{law.Name} has no gradient"
    Expect.equal (Tensor.toArray draw) (Tensor.toArray sample) $"the path's and the sampler's draws of %s{law.Name}"

/// A path that is a formula: torch's gradient of the draws is that of differences with the same noise.
let private smooth (key: Key) (cases: LawCases) =
    let law = LawCases.law cases
    let noise = (path cases law).Noise(key, [| 4L |])
    let weights = weights law 4
    let f (law: Distribution) = perCase (weights * (path cases law).Push noise)

    Differences.compare cases "the path's gradient" (valuesPerCase (LawCases.law >> f)) [| f |]
    |> judgedSome "the path's gradient" cases

/// An implicit path on the line: dz/dtheta = -(dF/dtheta) / density, by differences of the lower or the upper tail.
let private implicitOnLine (key: Key) (cases: LawCases) =
    let draws = 4
    let law = LawCases.law cases :?> Univariate
    let noise = (path cases law).Noise(key, [| int64 draws |])
    let z = (path cases law).Push(noise).detach()
    let isLower = law.Cdf(z).lt(Tensor.scalar law.Placement 0.5)
    let density = law.LogProb(z).exp()

    /// What changes with the parameters as -dz does, in units of z.
    let tail (cases: LawCases) =
        use _ = torch.NewDisposeScope()
        let law = LawCases.law cases :?> Univariate
        let found = torch.where (isLower, law.Cdf z, law.Survival(z).neg()) / density
        let rows = Tensor.toArray (found.neg ()) |> Array.chunkBySize (LawCases.count cases)
        Array.init (LawCases.count cases) (fun i -> rows |> Array.map (fun row -> row[i]))

    let functions =
        Array.init draws (fun d (law: Distribution) -> (path cases law).Push(noise).narrow(0L, int64 d, 1L).squeeze(0L))

    Differences.compare cases "the implicit path's gradient" tail functions
    |> judgedSome "the implicit path's gradient" cases

/// An implicit path on the line of several noise numbers: many of them make one draw, and what has to be right is the mean
/// of their gradients there, E[dz/dtheta | z] = -(dF/dtheta) / density. So density dz/dtheta + dF/dtheta has the mean 0.
let private implicitOnAverage (key: Key) (cases: LawCases) =
    let count = drawsToDetect 0.05

    for i in 0 .. min 3 (LawCases.count cases) - 1 do
        use _ = torch.NewDisposeScope()
        // One law for each draw, so that each draw has a gradient of its own.
        let many = LawCases.select (Array.create count i) cases
        let law = LawCases.law many :?> Univariate
        let noise = (path many law).Noise(key, [||])
        let z = (path many law).Push(noise).detach()
        let density = Tensor.toArray (law.LogProb(z).exp())
        let ofDraws = Differences.gradients many (fun law -> (path many law).Push(noise).sum())

        let cdf (cases: LawCases) =
            use _ = torch.NewDisposeScope()
            (LawCases.law cases :?> Univariate).Cdf z |> Tensor.toArray |> Array.map Array.singleton

        for index in 0 .. cases.Info.Parameters.Length - 1 do
            for at in Differences.coordinates many index do
                let ofCdf = Differences.derivative cdf many index at

                let apart =
                    Array.init count (fun d ->
                        let moved = Array.head ofCdf[d]
                        density[d] * ofDraws[index][d] + moved.Value)
                    |> Array.filter Double.IsFinite

                Expect.isGreaterThan apart.Length (count * 9 / 10) "draws with a density and a gradient"

                // Where each draw's gradient is right by itself, what is left is the error of the differences.
                let ofDifferences = ofCdf |> Array.averageBy (fun moved -> (Array.head moved).Error)

                if abs (Array.average apart) > ofDifferences then
                    meanIs
                        0.0
                        apart
                        $"the implicit path's gradient by %s{cases.Info.Parameters[index].Name}[%d{at}] of %s{LawCases.describe cases i}"

/// An implicit path of vectors: the mean over draws of the path's gradient is that of the law's mean.
let private implicitInExpectation (key: Key) (cases: LawCases) =
    let count = drawsToDetect 0.05

    for i in 0 .. min 3 (LawCases.count cases) - 1 do
        use _ = torch.NewDisposeScope()
        let one = LawCases.select [| i |] cases
        let law = LawCases.law one

        if (LineTests.stated (fun () -> law.Mean)).IsSome then
            let weights = (weights law 1).squeeze 0L
            let ofMean = Differences.gradients one (fun law -> (weights * law.Mean).sum())
            // One law for each draw, so that each draw has a gradient of its own.
            let many = LawCases.select (Array.create count i) cases

            let ofDraws = Differences.gradients many (fun law -> (weights * (path cases law).Draw(key, [||])).sum())

            for index in 0 .. cases.Info.Parameters.Length - 1 do
                let length = ofMean[index].Length

                for at in Differences.coordinates one index do
                    let tangent = Differences.tangent one index at one.Values[0]

                    let along (gradient: float[]) d =
                        Seq.sum (seq { for c in 0 .. length - 1 -> gradient[d * length + c] * tangent[c] })

                    meanIs
                        (along ofMean[index] 0)
                        (Array.init count (along ofDraws[index]))
                        $"the implicit path's gradient by %s{cases.Info.Parameters[index].Name}[%d{at}] of %s{LawCases.describe cases i}"

/// A path's second derivative: right where it is a formula, refused where it is implicit.
let private twice (key: Key) (cases: LawCases) =
    let one = LawCases.select [| 0 |] cases

    let moving =
        one.Info.Parameters
        |> List.tryFindIndex (fun p -> p.Domain.IsPositive || p.Domain.IsShape || p.Domain.IsReal)

    moving
    |> Option.iter (fun index ->
        let values = LawCases.tensors f64 one
        let noise = (path one (LawCases.law one)).Noise(key, [| 4L |])

        let along (t: Tensor) =
            let moved =
                values |> Array.mapi (fun i v -> if i = index then v * (torch.ones_like t - t.neg ()) else v)

            let z = (path one (one.Info.Make moved)).Push noise
            z.mul(z).sum()

        let at = Tensor.scalar f64 0.0

        match (path one (LawCases.law one)).Order with
        | PathOrder.Once ->
            let name = (LawCases.law one).Name

            let message =
                try
                    Diff.diff2 along at |> ignore
                    failtest $"a second derivative of the path of %s{name} was not refused"
                with :? InvalidOperationException as e ->
                    e.Message

            Expect.stringContains message name "the refusal of a second derivative"
        | PathOrder.Smooth ->
            let slope t = number (Diff.diff along (Tensor.scalar f64 t))
            let step = 1e-4
            let expected = (slope step - slope -step) / (2.0 * step)
            let coarse = (slope (2.0 * step) - slope (-2.0 * step)) / (4.0 * step)
            let rounding = 64.0 * epsilon * (1.0 + abs (slope 0.0)) / step
            let allowed = 4.0 * abs (coarse - expected) + rounding + 1e-7 * abs expected

            isWithin
                allowed
                expected
                (number (Diff.diff2 along at))
                $"the second derivative of %s{LawCases.describe one 0}")

/// The path's gradients are those of what it draws.
let pathwise (key: Key) (cases: LawCases) =
    use _ = torch.NewDisposeScope()
    let law = LawCases.law cases

    match (path cases law).Order, law with
    | PathOrder.Smooth, _ -> smooth key cases
    | PathOrder.Once, (:? Univariate) ->
        let noise = (path cases law).Noise(key, [||])

        if noise.dim () = law.BatchShape.LongLength then
            implicitOnLine key cases
        else
            implicitOnAverage key cases
    | PathOrder.Once, _ -> implicitInExpectation key cases

    twice key cases
