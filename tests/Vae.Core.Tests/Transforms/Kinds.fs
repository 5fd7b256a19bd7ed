/// Every kind of transform with generated parameters, and what rounding may do to it.
module Vae.Core.Tests.Transforms.Kinds

open FsCheck
open FsCheck.FSharp
open Expecto
open TorchSharp
open Vae.Core
open Vae.Testing

/// A kind of transform as a function of tensors that may hold any numbers.
type Kind = {
    Name: string
    /// How many numbers a point of x has.
    Size: int64
    /// The shapes of the tensors.
    Shapes: int64[] list
    /// Whether the tensors may have a batch in front.
    IsBatched: bool
    Make: Tensor list -> Transform
    /// Points of the domain from any numbers.
    Points: Tensor -> Tensor
}

let private kind name size shapes make = {
    Name = name
    Size = size
    Shapes = shapes
    IsBatched = true
    Make = make
    Points = id
}

let private unbatched kind = { kind with IsBatched = false }

let private factor (t: Tensor) = t.tril -1L + t.diagonal(dim1 = -2L, dim2 = -1L).exp().diag_embed()

let private made k (w: Tensor list) = Made.ofLayers k [ w[0], w[1]; w[2], w[3] ]

/// A network with weights: [out, in] and [out] twice.
let private network (w: Tensor list) (x: Tensor) =
    let hidden = (x.matmul (w[0].t()) + w[1]).tanh()
    let out = hidden.matmul (w[2].t()) + w[3]
    let half = Array.last out.shape / 2L
    out.narrow (-1L, 0L, half), out.narrow (-1L, half, half)

let private networkShapes inputs outputs = [ [| 5L; inputs |]; [| 5L |]; [| outputs; 5L |]; [| outputs |] ]

let private spline (w: Tensor list) = Transform.spline 3.0 w[0] w[1] w[2]

let private splineCoupling (w: Tensor list) =
    Transform.couplingBy [| true; false; true |] (fun passing ->
        let all = (passing.matmul (w[0].t()) + w[1]).tanh().unsqueeze -2L
        Transform.spline 3.0 (all.narrow (-1L, 0L, 4L)) (all.narrow (-1L, 4L, 4L)) (all.narrow (-1L, 8L, 3L)))

/// Nearer to the ends of (-1, 1) than 1e-12 there are few numbers.
let private inMiddle kind = { kind with Points = fun x -> x.clamp ((-14.0).AsScalar(), (14.0).AsScalar()) }

let elementwise: Kind list = [
    kind "affine" 1L [ [| 1L |]; [| 1L |] ] (fun w -> Transform.affine w[0] w[1])
    kind "exp" 1L [] (fun _ -> Transform.exp)
    kind "softplus" 1L [] (fun _ -> Transform.softplus)
    kind "sigmoid" 1L [] (fun _ -> Transform.sigmoid)
    inMiddle (kind "tanh" 1L [] (fun _ -> Transform.tanh))
    {
        kind "power" 1L [ [| 1L |] ] (fun w -> Transform.power w[0]) with
            Points = _.exp()
    }
    kind "spline" 1L [ [| 1L; 5L |]; [| 1L; 5L |]; [| 1L; 4L |] ] spline
    kind "inverse" 1L [] (fun _ -> Transform.inverse Transform.exp |> Transform.inverse)
    inMiddle (
        kind "chain" 1L [ [| 1L |]; [| 1L |] ] (fun w ->
            Transform.chain [ Transform.tanh; Transform.affine w[0] w[1]; Transform.exp ])
    )
]

let vectors: Kind list = [
    kind "scaleTril" 3L [ [| 3L |]; [| 3L; 3L |] ] (fun w -> Transform.scaleTril w[0] (factor w[1]))
    kind "stickBreaking" 3L [] (fun _ -> Transform.stickBreaking)
    kind "permute" 4L [] (fun _ -> Transform.permute [| 2; 0; 3; 1 |])
    kind "householder" 3L [ [| 2L; 3L |] ] (fun w -> Transform.householder w[0])
    kind "planar" 3L [ [| 3L |]; [| 3L |]; [||] ] (fun w -> Transform.planar w[0] w[1] w[2])
    kind "radial" 3L [ [| 3L |]; [||]; [||] ] (fun w -> Transform.radial w[0] (w[1].exp()) w[2])
    kind "sylvester" 4L [ [| 3L; 4L |]; [| 3L; 3L |]; [| 3L; 3L |]; [| 3L |] ] (fun w ->
        Transform.sylvester w[0] (w[1].triu()) (w[2].triu()) w[3])
    unbatched (
        kind "coupling" 3L (networkShapes 1L 4L) (fun w -> Transform.coupling [| false; true; false |] (network w))
    )
    unbatched (kind "couplingBy" 3L [ [| 11L; 2L |]; [| 11L |] ] splineCoupling)
    unbatched (kind "maskedAutoregressive" 3L (networkShapes 3L 6L) (made 3 >> Transform.maskedAutoregressive))
    unbatched (kind "inverseAutoregressive" 3L (networkShapes 3L 6L) (made 3 >> Transform.inverseAutoregressive))
    kind "chain of vectors" 3L [ [| 3L |]; [| 3L |]; [||]; [| 3L |]; [| 3L |] ] (fun w ->
        Transform.chain [
            Transform.planar w[0] w[1] w[2]
            Transform.permute [| 1; 2; 0 |]
            Transform.affine w[3] w[4]
            Transform.inverse (Transform.planar w[4] w[3] w[2])
        ])
]

let all = elementwise @ vectors

/// Tensors of a kind, normal numbers times a magnitude, with a batch in front where it may have one.
let draw place (batch: int64[]) magnitude key kind =
    kind.Shapes
    |> List.mapi (fun i shape ->
        let batch = if kind.IsBatched then batch else [||]
        magnitude * Key.normal place (Array.append batch shape) (Key.fold i key))

/// A transform and a point of its domain, both ordinary or extreme.
type Case = { Kind: Kind; Key: Key; Magnitude: float; Reach: float }

let transformOf case = case.Kind.Make(draw f64 [||] case.Magnitude case.Key case.Kind)

let pointOf case =
    case.Kind.Points(
        (case.Reach * Key.normal f64 [| case.Kind.Size |] (Key.fold 99 case.Key))
            .clamp((-30.0).AsScalar(), (15.0).AsScalar())
    )

type Arbitraries =
    static member Case() =
        gen {
            let! kind = Gen.elements all
            let! seed = Gen.choose (0, 1_000_000)
            let! magnitude = Gen.elements [ 0.1; 1.0; 1.0; 2.5 ]
            let! reach = Gen.elements [ 1e-6; 1.0; 1.0; 4.0; 30.0 ]

            return { Kind = kind; Key = Key.ofSeed seed; Magnitude = magnitude; Reach = reach }
        }
        |> Arb.fromGen

let config = {
    FsCheckConfig.defaultConfig with
        maxTest = 400
        arbitrary = [ typeof<Arbitraries> ]
}

/// The Jacobian of as many numbers of y as x has: of a point on the simplex, all but the last part.
let jacobian (transform: Transform) (x: Tensor) =
    Diff.jacobian (fun x -> (transform.Forward x).narrow(-1L, 0L, Array.last x.shape)) x
