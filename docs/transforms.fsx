(**
---
title: Bijections and densities
category: Derivations
categoryindex: 2
index: 13
description: What a bijection does to a density, and the log-determinant of each transform of the library, derived and checked.
---

# Bijections and densities

Let $f$ be a bijection with a derivative, and $y = f(x)$ for an $x$ with density $p$. A small set around $x$ of volume $v$
is carried to one around $y$ of volume $|\det J(x)|\, v$, where $J = \partial f / \partial x$; its probability stays. So
the density of $y$ is $p(x) / |\det J(x)|$:

$$\log p_Y(y) = \log p(f^{-1}(y)) - \log|\det J(f^{-1}(y))| .$$

Two facts make long chains cheap. Determinants multiply, so the log-determinants of maps one after another add; and
$f^{-1}$ has the determinant $1/\det J$, so exchanging directions changes a sign. A transform of the library therefore
has three things: `Forward`, `Inverse` and `LogDet`, and calls that give a value with its log-determinant.
*)

(*** hide ***)
#load "../scripts/load.fsx"

open TorchSharp
open Vae.Core

let ofList (shape: int list) values =
    Tensor.ofArray Placement.float64 (shape |> List.map int64 |> List.toArray) (List.toArray values)

let vector (values: float list) = ofList [ values.Length ] values
let matrix (rows: float list list) = ofList [ rows.Length; rows.Head.Length ] (List.concat rows)
let number = Tensor.toFloat

(**
Each derivation below is checked like this: against the determinant of the Jacobian that `Diff` computes, and by going
there and back.
*)

let check (name: string) (transform: Transform) (x: Tensor) =
    let y, logDet = transform.ForwardAndLogDet x
    let jacobian = Diff.jacobian (fun x -> transform.Forward(x).narrow(-1L, 0L, x.numel ())) x
    let byDeterminant = number (jacobian.det().abs().log())
    let back = number ((transform.Inverse y - x).abs().max())

    printfn
        "%-22s LogDet %12.8f   log|det J| %12.8f   there and back %.0e"
        name
        (number (logDet.sum ()))
        byDeterminant
        back

(**
## One number at a time

Here $\det J$ is the slope. Of $\mu + \sigma x$ it is $\sigma$, of $e^x$ it is $e^x$, of $x^a$ it is $a x^{a-1}$. Let
$\zeta(x) = \log(1 + e^x)$, the softplus. Its slope is $1/(1 + e^{-x})$, whose logarithm is $-\zeta(-x)$. The
sigmoid $s$ has the slope $s(1-s)$, and $\log s = -\zeta(-x)$, $\log(1-s) = -\zeta(x)$. And with $\tanh x = 2 s(2x) - 1$

$$\log(1 - \tanh^2 x) = \log 4\, s(2x)(1 - s(2x)) = 2\left(\log 2 - x - \zeta(-2x)\right),$$

as $\zeta(2x) = 2x + \zeta(-2x)$. None of these takes the difference of like numbers. The form that does is lost where
$\tanh x$ rounds to one:
*)

let scalar (x: float) = Tensor.scalar Placement.float64 x
let naive (x: float) = log (1.0 - tanh x ** 2.0)

for x in [ 5.0; 15.0; 20.0 ] do
    printfn "at %2.0f: naive %.10f, library %.10f" x (naive x) (number (Transform.tanh.LogDet(scalar x)))

let one = vector [ 0.7 ]

check "affine" (Transform.affine (vector [ 0.3 ]) (vector [ -2.0 ])) one
check "exp" Transform.exp one
check "softplus" Transform.softplus one
check "sigmoid" Transform.sigmoid one
check "tanh" Transform.tanh one
check "power" (Transform.power (vector [ -1.5 ])) one

(*** include-output ***)

(**
## Vectors: triangular and orthogonal maps

The determinant of a triangular matrix is the product of its diagonal, so $\mu + Lx$ has the log-determinant
$\sum_i \log L_{ii}$. A permutation has the determinant $\pm 1$. A reflection $x - 2v\,(v\cdot x)/|v|^2$ turns $v$ over and
leaves what is orthogonal to it: $-1$.

**Stick-breaking** takes $k-1$ numbers to $k$ positive parts with sum one: of what is left of a stick, part $i$ takes the
share $s_i = s(a_i)$, $a_i = x_i - \log(k-i)$. What is left before it is $l_i = \prod_{j<i}(1-s_j)$, so $y_i = s_i l_i$.
Part $i$ depends on $x_1 \dots x_i$: triangular, with $\partial y_i/\partial x_i = l_i s_i(1-s_i)$. Hence

$$\log|\det J| = \sum_{i<k} \left[a_i - 2\zeta(a_i) - \sum_{j<i}\zeta(a_j)\right] .$$

It is a volume of the first $k-1$ parts, the one that Dirichlet densities are stated in. Backwards, the odds of a share are
$y_i$ to the sum of the *later* parts: a sum of positive numbers, where $1 - \sum_{j \le i} y_j$ would cancel.
*)

let x3 = vector [ 0.3; -1.2; 0.8 ]
let factor = matrix [ [ 1.2; 0.0; 0.0 ]; [ -0.7; 0.4; 0.0 ]; [ 0.1; 0.9; 2.0 ] ]

check "scaleTril" (Transform.scaleTril (vector [ 1.0; 2.0; 3.0 ]) factor) x3
check "permute" (Transform.permute [| 2; 0; 1 |]) x3
check "householder" (Transform.householder (matrix [ [ 1.0; 2.0; -1.0 ]; [ 0.0; 1.0; 1.0 ] ])) x3
check "stickBreaking" Transform.stickBreaking x3

(*** include-output ***)

(**
## Maps of low rank

For columns $u, w$ the matrix $I + uw^\top$ keeps every vector orthogonal to $w$ and takes $u$ to $(1 + w\cdot u)\,u$, so
its determinant is $1 + w\cdot u$; in general $\det(I + UW^\top) = \det(I + W^\top U)$ for $k\times m$ matrices.

**Planar** (Rezende and Mohamed, 2015): $y = x + u\tanh(w\cdot x + b)$ has $J = I + h'u w^\top$ with $h' = 1 - \tanh^2 a$, so
$\det J = 1 + h'\, w\cdot u$. As $0 < h' \le 1$ it is positive wherever $w \cdot u > -1$; the part of $u$ along $w$ is
changed so that $w\cdot u = \zeta(w\cdot u_{\text{given}}) - 1$. Backwards, $a = w\cdot x + b$ solves one equation in one number,
$a + (w\cdot u)\tanh a = w\cdot y + b$, whose left side increases. Newton's method finds it without a gradient; two more
steps that are differentiated give the root its derivatives.

**Sylvester** (van den Berg et al., 2018): $y = x + QR\tanh(\tilde R Q^\top x + b)$, with orthonormal columns $Q$ and upper
triangular $R$, $\tilde R$. By the identity above $\det J = \det(I + \operatorname{diag}(h')\tilde R R)$, again triangular:
$\log|\det J| = \sum_i \log(1 + h'_i r_{ii}\tilde r_{ii})$. Backwards the last coordinate of $Q^\top x$ solves the planar
equation, then the one before it, and so on.

**Radial**: $y - c = (x-c)\,\frac{r+s}{\alpha+r}$ with $r = |x-c|$, $s = \zeta(\beta)$. Across the radius, in $k-1$
directions, lengths are multiplied by $\frac{r+s}{\alpha+r}$; along it by the slope of $r\frac{r+s}{\alpha+r}$, which is
$\frac{r^2 + 2\alpha r + \alpha s}{(\alpha+r)^2}$. The inverse is the positive root of a quadratic equation in $r$.
*)

let u, w = vector [ -2.0; 1.0; 0.5 ], vector [ 1.0; 0.5; -1.0 ]
let upper = matrix [ [ 0.8; -0.5 ]; [ 0.0; -0.3 ] ]
let upper' = matrix [ [ -1.5; 0.2 ]; [ 0.0; 1.1 ] ]

check "planar" (Transform.planar u w (scalar 0.4)) x3
check "sylvester" (Transform.sylvester (matrix [ [ 1.0; 2.0; -1.0 ] ]) upper upper' (vector [ 0.1; -0.2 ])) x3
check "radial" (Transform.radial u (scalar 0.7) (scalar -1.0)) x3

(*** include-output ***)

(**
## One number after another

If $y_i = \mu_i + e^{\lambda_i} x_i$, where $\mu_i$ and $\lambda_i$ are functions of what comes before $i$ only, then $J$ is
triangular and $\log|\det J| = \sum_i\lambda_i$: any network will do. Three ways to say what comes before:

- **coupling** (Dinh et al., 2017): some numbers pass and decide for the others: one pass of the network in both
  directions;
- **masked autoregressive** (Papamakarios et al., 2017): $y_1 \dots y_{i-1}$. Densities take one pass, draws $k$;
- **inverse autoregressive** (Kingma et al., 2016): $x_1 \dots x_{i-1}$. Draws take one pass, densities $k$.

A MADE network (Germain et al., 2015) computes all $\mu_i$ and $\lambda_i$ at once. Every unit has a degree; a weight stays
where degrees do not fall, at the output where they rise. A path from input $j$ to output $i$ then has $j < i$.

The affine step may be any increasing function of $x_i$. A **rational-quadratic spline** (Durkan et al., 2019) is, in a bin
of width $w$, height $h$ and mean slope $m = h/w$ with slopes $d_0, d_1$ at its ends, at the place
$z \in [0,1]$ of the bin,

$$y = y_0 + h\,\frac{m z^2 + d_0 z(1-z)}{m + (d_0 + d_1 - 2m) z(1-z)}, \qquad
\frac{dy}{dx} = \frac{m^2\left(d_1 z^2 + 2 m z(1-z) + d_0(1-z)^2\right)}{\left(m + (d_0+d_1-2m) z(1-z)\right)^2},$$

by the quotient rule. Numerator and denominator are positive, so it increases; at $z = 0$ and $1$ its slopes are $d_0$ and
$d_1$, so that bins join smoothly; and $y$ gives $z$ by a quadratic equation.
*)

let made = Made.create Placement.float64 3 [ 16 ] (Key.ofSeed 1)
let draw n i = Key.normal Placement.float64 [| n |] (Key.fold i (Key.ofSeed 2))
let spline = Transform.spline 3.0 (draw 6L 0) (draw 6L 1) (draw 5L 2)

check
    "coupling"
    (Transform.coupling [| true; false; false |] (fun x -> torch.cat ([| x; x.sin () |], -1L), x.cos ()))
    x3

check "maskedAutoregressive" (Transform.maskedAutoregressive made) x3
check "inverseAutoregressive" (Transform.inverseAutoregressive made) x3
check "spline" spline one
check "spline in a coupling" (Transform.couplingBy [| true; false; true |] (fun _ -> spline)) x3

(*** include-output ***)

(**
## A density, whole

The change of variables once more, as a law: a planar flow of a standard normal law on the plane. The density of $y$ is
computed from the inverse, and must sum to one over a grid:
*)

let flow =
    Transform.chain [
        Transform.planar (vector [ 2.0; 0.5 ]) (vector [ 1.5; -1.0 ]) (scalar 0.2)
        Transform.affine (vector [ 0.5; 0.0 ]) (vector [ 0.7; 1.2 ])
        Transform.planar (vector [ -1.0; 1.0 ]) (vector [ 0.5; 2.0 ]) (scalar -0.3)
    ]

let total =
    let side = torch.linspace (-9.0, 9.0, 361L, dtype = torch.ScalarType.Float64)
    let x, y = side.repeat_interleave 361L, side.repeat [| 361L |]
    let start, logDet = flow.InverseAndLogDet(torch.stack ([| x; y |], -1L))
    let normal = Independent.create 1 (Normal(vector [ 0.0; 0.0 ], vector [ 1.0; 1.0 ]))
    number ((normal.LogProb start + logDet).exp().sum()) * 0.05 * 0.05

printfn "the density sums to %.10f" total

(*** include-output ***)
