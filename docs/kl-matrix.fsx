(**
---
title: KL between normals of low rank and between laws of matrices
category: Derivations
categoryindex: 2
index: 9
description: Divergences of low-rank normals by Woodbury's identity, and of Wishart and LKJ laws, derived and checked by computation.
---

# KL between normals of low rank and between laws of matrices
*)

(*** hide ***)
#load "../scripts/load.fsx"

open System
open TorchSharp
open Vae.Core

let scalar (x: float) = Tensor.scalar Placement.float64 x

let vector (values: float list) = Tensor.ofArray Placement.float64 [| int64 values.Length |] (List.toArray values)

let matrix (rows: float list list) =
    Tensor.ofArray
        Placement.float64
        [| int64 rows.Length; int64 rows.Head.Length |]
        (rows |> List.concat |> List.toArray)

let number = Tensor.toFloat
let nats q p = number (Kl.exact q p)

let show (name: string) (q: Distribution) (p: Distribution) =
    let sampled = Kl.estimate (Key.ofSeed 1) 100_000 q p
    printfn "%-28s %12.6f   %12.4f +- %.4f" name (nats q p) (number sampled.Mean) (number sampled.StandardError)

(**
## Normals of low rank

A covariance $S = WW^\top + D$, with $W$ of $k$ rows and few columns $r$ and $D = \operatorname{diag} d$, says that $x$ is
$W e + \sqrt{d}\, f$ beside its mean: $r$ shared causes $e$ and noise $f$ of each coordinate's own, all standard normal. Its
divergences are those of normal laws,

$$\mathrm{KL}(q\,\|\,p) = \frac12\left[\operatorname{tr}(T^{-1}S) + (\mu-\nu)^\top T^{-1}(\mu-\nu) - k + \log\frac{\det T}{\det S}\right],$$

and the point is to compute them without a matrix of $k \times k$.

**Determinant.** With the capacitance $C = I + W^\top D^{-1} W$, of $r \times r$, the matrix determinant lemma is

$$\det(WW^\top + D) = \det C\,\det D .$$

**Inverse.** Woodbury's identity is $T^{-1} = D^{-1} - D^{-1}W C^{-1} W^\top D^{-1}$. Where $y$ lies along $W$, its two terms nearly
cancel in $y^\top T^{-1} y$. But completing the square in the shared causes gives the same number as a sum of squares,

$$y^\top T^{-1} y = \min_e\left[(y - We)^\top D^{-1}(y - We) + e^\top e\right], \qquad e = C^{-1}W^\top D^{-1}y,$$

the minimum being where the derivative $-2W^\top D^{-1}(y - We) + 2e$ vanishes. The library computes this one. The trace is the sum
of it over the columns of $W_q$, and $\sum_i d_{q,i}(T^{-1})_{ii}$. By the low-rank forms, and by full matrices:
*)

let factor = matrix [ [ 1.0; 0.5 ]; [ -2.0; 0.3 ]; [ 0.2; 0.7 ] ]

let q = LowRankMultivariateNormal(vector [ 0.3; -0.2; 1.0 ], factor, vector [ 0.5; 0.8; 0.1 ])

let p =
    LowRankMultivariateNormal(vector [ 0.0; 0.5; 0.5 ], factor * (0.5).ToScalar(), vector [ 1.0; 0.3; 2.0 ])

let full (law: LowRankMultivariateNormal) =
    let covariance = law.Factor.matmul (law.Factor.t ()) + torch.diag_embed law.Diagonal
    MultivariateNormal(law.Loc, torch.linalg.cholesky covariance)

let diagonal = MultivariateNormal.diagonal (vector [ 0.0; 0.0; 0.0 ]) (vector [ 1.0; 2.0; 1.5 ])

printfn "low rank || low rank  %.12f   by full matrices %.12f" (nats q p) (nats (full q) (full p))
printfn "full || low rank      %.12f" (nats (full q) p)
printfn "low rank || full      %.12f" (nats q (full p))
printfn "diagonal || low rank  %.12f   by full matrices %.12f" (nats diagonal p) (nats diagonal (full p))
printfn "low rank || diagonal  %.12f   by full matrices %.12f" (nats q diagonal) (nats (full q) diagonal)

(*** include-output ***)

(**
A direction with a standard deviation of $10^8$ beside noise of $10^{-4}$: the minimum keeps its digits.
*)

let strong = LowRankMultivariateNormal(vector [ 0.0 ], matrix [ [ 1e8 ] ], vector [ 1e-8 ])
printfn "log-density at 1e8, low rank  %.12f" (number (strong.LogProb(vector [ 1e8 ])))
printfn "by its one variance           %.12f" (number (Normal(0.0, sqrt (1e16 + 1e-8)).LogProb(scalar 1e8)))

(*** include-output ***)

(**
## Wishart

The sum of $n$ outer products of $N(0, V)$ vectors in $m$ dimensions, for every real $n > m - 1$, has the density

$$\log p(X) = \tfrac{n-m-1}2\log\det X - \tfrac12\operatorname{tr}(V^{-1}X) - \tfrac{nm}2\log 2 - \tfrac n2\log\det V
- \log\Gamma_m(\tfrac n2),$$

with $\Gamma_m(a) = \pi^{m(m-1)/4}\prod_{i=0}^{m-1}\Gamma(a - \tfrac i2)$. It is an exponential family in $\log\det X$ and $X$, so
two expectations are needed. $\mathbb{E}X = nV$. The integral of the density is 1 for every $n$, and its derivative in $n$ is 0:

$$\mathbb{E}\log\det X = m\log 2 + \log\det V + \psi_m(\tfrac n2), \qquad \psi_m(a) = \sum_{i=0}^{m-1}\psi(a - \tfrac i2).$$

In the entropy and the divergence they leave

$$\begin{aligned}
H &= \tfrac{m+1}2\log\det V + \tfrac{m(m+1)}2\log 2 + \log\Gamma_m(\tfrac n2) - \tfrac{n-m-1}2\psi_m(\tfrac n2) + \tfrac{nm}2, \\
\mathrm{KL}(q\,\|\,p) &= \tfrac{n_q}2\left[\operatorname{tr}(V_p^{-1}V_q) - m\right] + \tfrac{n_p}2\log\frac{\det V_p}{\det V_q}
+ \tfrac{n_q-n_p}2\psi_m(\tfrac{n_q}2) + \log\frac{\Gamma_m(n_p/2)}{\Gamma_m(n_q/2)} .
\end{aligned}$$

Draws are Bartlett's: $X = LAA^\top L^\top$ with $V = LL^\top$, $A$ lower triangular with standard normal numbers below its
diagonal and roots of $\chi^2_{n-i}$ draws on it. Closed forms, and means over draws:
*)

let rootQ = matrix [ [ 1.0; 0.0 ]; [ 0.4; 0.8 ] ]
let rootP = matrix [ [ 0.7; 0.0 ]; [ -0.2; 1.1 ] ]
let wishart = Wishart(scalar 3.5, rootQ)
let draws = wishart.Sample(Key.ofSeed 2, [| 100_000L |])

show "Wishart || Wishart" wishart (Wishart(scalar 6.0, rootP))

printfn
    "entropy                      %12.6f   %12.4f"
    (number wishart.Entropy.Value)
    -(number ((wishart.LogProb draws).mean()))

(*** include-output ***)

(**
## LKJ, by Cholesky factors

On the correlation matrices $R$ of $D$ dimensions the law of Lewandowski, Kurowicka and Joe has density proportional to
$(\det R)^{\eta-1}$. A factor $L$ of $R = LL^\top$ is lower triangular with rows of length 1. The numbers of $R$ in column $k$,
$R_{ik} = \sum_{j \le k} L_{ij}L_{kj}$, depend on $L_{ik}$ by the factor $L_{kk}$, for $i = k+1, \dots, D$, so that the
Jacobian is triangular and $dR = \prod_k L_{kk}^{D-k}\,dL$. With $\det R = \prod_k L_{kk}^2$,

$$p(L) \propto \prod_{k=2}^{D} L_{kk}^{D-k+2(\eta-1)} .$$

The rows are independent. The $k - 1$ numbers of row $k$ below the diagonal are a point $y$ of the unit ball, with density
proportional to $(1 - |y|^2)^{b_k-1}$, $b_k = \eta + \tfrac{D-k}2$, and

$$\int (1-|y|^2)^{b-1}\,dy = \pi^{m/2}\frac{\Gamma(b)}{\Gamma(b + m/2)}, \qquad m = k - 1,$$

where $b_k + \tfrac{k-1}2 = \eta + \tfrac{D-1}2 = c$ is the same in every row. $L_{kk}^2 = 1 - |y|^2$ is
$\mathrm{Beta}(b_k, \tfrac{k-1}2)$, so $2\,\mathbb{E}\log L_{kk} = \psi(b_k) - \psi(c)$, and

$$\mathrm{KL}(q\,\|\,p) = \sum_{k=2}^{D}\left[(\eta_q-\eta_p)\left(\psi(b_{q,k}) - \psi(c_q)\right)
+ \log\frac{\Gamma(b_{p,k})\,\Gamma(c_q)}{\Gamma(b_{q,k})\,\Gamma(c_p)}\right].$$

A row is drawn as $k - 1$ standard normal numbers and $\sqrt{2g}$, $g$ a $\mathrm{Gamma}(b_k)$ draw, by their common length.
*)

show "LKJ(0.8) || LKJ(2.5), D = 4" (LkjCholesky(4, 0.8)) (LkjCholesky(4, 2.5))

(**
In two dimensions $L$ is one correlation $r$, and its density integrates by the trapezoidal rule, in $r = \tanh s$:
*)

let s = torch.linspace (-24.0, 24.0, 1601L, dtype = torch.ScalarType.Float64)
let r = s.tanh ()
let root = s.cosh().reciprocal()
let zero = torch.zeros_like r

let factors =
    torch.stack ([| torch.stack ([| torch.ones_like r; zero |], -1L); torch.stack ([| r; root |], -1L) |], -2L)

let a, b = LkjCholesky(2, 0.8), LkjCholesky(2, 2.5)
let mass = (a.LogProb factors).exp() * root.square () * (0.03).ToScalar()

printfn "mass         %.12f" (number (mass.sum ()))
printfn "quadrature   %.12f" (number ((mass * (a.LogProb factors - b.LogProb factors)).sum()))
printfn "closed form  %.12f" (nats a b)

(*** include-output ***)

(**
## The rules

In them $S$ and $T$ are the covariances of $q$ and $p$.
*)

(*** hide ***)
Kl.rules.All
|> Array.filter (fun rule -> rule.Page = "kl-matrix")
|> Array.map (fun rule ->
    let name (law: Type) = if law = typeof<Independent> then "Independent(Normal)" else law.Name
    $"<tr><td>%s{name rule.Q}</td><td>%s{name rule.P}</td><td><span class=\"math\">\\(%s{rule.Tex}\\)</span></td></tr>")
|> String.concat "\n"
|> fun rows ->
    $"<div class=\"wide\"><table><thead><tr><th>q</th><th>p</th><th>KL(q || p)</th></tr></thead><tbody>%s{rows}</tbody></table></div>"

(*** include-it-raw ***)
