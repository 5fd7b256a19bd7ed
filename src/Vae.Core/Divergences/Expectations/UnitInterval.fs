namespace Vae.Core

open System
open TorchSharp

/// What laws of numbers between 0 and 1 know.
[<RequireQualifiedAccess>]
module internal UnitIntervalExpectations =
    let private square = PositiveExpectations.square

    /// log E[x^r] for orders 1 + r / a of the beta function with b, where they are positive, and the moment in units of s.
    let private power (logRest: Tensor -> Tensor) (r: Tensor) (s: Tensor) (order: Tensor) =
        PositiveExpectations.finite
            (order.gt (0.0.AsScalar()))
            (fun order -> (order.lgamma () .+. logRest order - r * s.log ()).exp())
            order

    let private beta =
        let total (q: Beta) = q.Concentration1 .+. q.Concentration0
        let logMean (q: Beta) = Stirling.digamma q.Concentration1 - Stirling.digamma (total q)

        LineLaw.on<Beta> Support.unit
        |> LineLaw.entropy
            @"\log B(\alpha_q,\beta_q)-(\alpha_q-1)\psi(\alpha_q)-(\beta_q-1)\psi(\beta_q)+(\alpha_q+\beta_q-2)\psi(\alpha_q+\beta_q)"
        |> LineLaw.expects Moment.X @"\tfrac{\alpha_q}{\alpha_q+\beta_q}" _.Mean
        |> LineLaw.expectsAt
            Moment.Square
            @"\left(\tfrac{\alpha_q}{\alpha_q+\beta_q}-#1\right)^2+\tfrac{\alpha_q\beta_q}{(\alpha_q+\beta_q)^2(\alpha_q+\beta_q+1)}"
            (fun q m -> square q m)
        |> LineLaw.expects Moment.Log @"\psi(\alpha_q)-\psi(\alpha_q+\beta_q)" logMean
        |> LineLaw.expectsAt
            Moment.LogSquare
            @"(\psi(\alpha_q)-\psi(\alpha_q+\beta_q)-#1)^2+\psi'(\alpha_q)-\psi'(\alpha_q+\beta_q)"
            (fun q m ->
                (logMean q - m).squared() .+. (Stirling.trigamma q.Concentration1 - Stirling.trigamma (total q)))
        |> LineLaw.expects Moment.LogComplement @"\psi(\beta_q)-\psi(\alpha_q+\beta_q)" (fun q ->
            Stirling.digamma q.Concentration0 - Stirling.digamma (total q))
        |> LineLaw.expectsAt
            Moment.LogOddsSquare
            @"(\psi(\alpha_q)-\psi(\beta_q)-#1)^2+\psi'(\alpha_q)+\psi'(\beta_q)"
            (fun q m ->
                (Stirling.digamma q.Concentration1 - Stirling.digamma q.Concentration0 - m).squared()
                .+. (Stirling.trigamma q.Concentration1 .+. Stirling.trigamma q.Concentration0))
        |> LineLaw.expectsAt2 Moment.Power @"#2^{-#1}\tfrac{B(\alpha_q+#1,\beta_q)}{B(\alpha_q,\beta_q)}" (fun q r s ->
            let rest (order: Tensor) =
                (total q).lgamma() - q.Concentration1.lgamma () - (order .+. q.Concentration0).lgamma()

            power rest r s (q.Concentration1 .+. r))
        |> LineLaw.finiteWhere @"#1 > -\alpha_q"
        |> LineLaw.logDensity @"-\log B(\alpha_p,\beta_p)" (fun p ->
            (total p).lgamma() - p.Concentration1.lgamma () - p.Concentration0.lgamma ())
        |> LineLaw.term Moment.Log @"(\alpha_p-1)" (fun p -> -1.0 .+ p.Concentration1)
        |> LineLaw.term Moment.LogComplement @"(\beta_p-1)" (fun p -> -1.0 .+ p.Concentration0)

    let private kumaraswamy =
        let logMean (q: Kumaraswamy) = q.Harmonic.neg () / q.Concentration1

        LineLaw.on<Kumaraswamy> Support.unit
        |> LineLaw.entropy @"1-\tfrac{1}{b_q}+\left(1-\tfrac{1}{a_q}\right)H_{b_q}-\log a_qb_q"
        |> LineLaw.expects Moment.X @"b_qB\left(1+\tfrac{1}{a_q},b_q\right)" _.Mean
        |> LineLaw.expectsAt
            Moment.Square
            @"b_qB\left(1+\tfrac{2}{a_q},b_q\right)-2\,#1b_qB\left(1+\tfrac{1}{a_q},b_q\right)+#1^2"
            (fun q m -> square q m)
        |> LineLaw.expects Moment.Log @"-\tfrac{H_{b_q}}{a_q}" logMean
        |> LineLaw.expectsAt
            Moment.LogSquare
            @"\left(\tfrac{H_{b_q}}{a_q}+#1\right)^2+\tfrac{1}{a_q^2}\left(\tfrac{\pi^2}{6}-\psi'(b_q+1)\right)"
            (fun q m ->
                let spread = (Math.PI * Math.PI / 6.0) .+ (Stirling.trigamma (1.0 .+ q.Concentration0)).neg()
                (logMean q - m).squared() .+. spread / q.Concentration1.squared ())
        |> LineLaw.expectsAt2 Moment.Power @"#2^{-#1}b_qB\left(1+\tfrac{#1}{a_q},b_q\right)" (fun q r s ->
            let rest (order: Tensor) = (1.0 .+ q.Concentration0).lgamma() - (order .+. q.Concentration0).lgamma()

            power rest r s (1.0 .+ r / q.Concentration1))
        |> LineLaw.finiteWhere @"#1 > -a_q"

    /// E max(x - m, 0) for m in [0, 1], of a law with a logit: (1 - m)^2 e^(t m - A(t) + A(c)) A'(c), c = t (1 - m).
    let private above (t: Tensor) (m: Tensor) =
        let rest = 1.0 .+ m.neg ()
        let c = t * rest
        let logs = t * m - LogMeanExp.value t .+. LogMeanExp.value c
        rest.squared () * logs.exp () * LogMeanExp.slope c

    let private continuousBernoulliDistance (q: ContinuousBernoulli) (m: Tensor) =
        let inside = m.clamp (0.0.AsScalar(), 1.0.AsScalar())
        let mirrored = above (q.Logits.neg ()) (1.0 .+ inside.neg ())
        above q.Logits inside .+. mirrored .+. (m - inside).abs()

    /// The integral of e^(t x) cos(x - m) by that of e^(t x).
    let private continuousBernoulliCosine (q: ContinuousBernoulli) (m: Tensor) =
        let t = q.Logits
        let last = 1.0 .+ m.neg ()
        let atOne = (LogMeanExp.value (t.neg ())).neg().exp() * (t * last.cos () .+. last.sin ())
        let atZero = (LogMeanExp.value t).neg().exp() * (t * m.cos () - m.sin ())
        (atOne - atZero) / (1.0 .+ t.squared ())

    let private continuousBernoulli =
        LineLaw.on<ContinuousBernoulli>(Support.Closed(Bound.At 0.0, Bound.At 1.0))
        |> LineLaw.entropy @"A(\eta_q)-\eta_qA'(\eta_q)"
        |> LineLaw.expects Moment.X @"A'(\eta_q)" _.Mean
        |> LineLaw.expectsAt Moment.Square @"(A'(\eta_q)-#1)^2+A''(\eta_q)" (fun q m -> square q m)
        |> LineLaw.expectsAt
            Moment.Distance
            @"|#1-u|+(1-u)^2e^{\eta_qu-A(\eta_q)+A(\eta_q(1-u))}A'(\eta_q(1-u))+u^2e^{\eta_qu-A(\eta_q)+A(-\eta_qu)}A'(-\eta_qu),\ u=\min(\max(#1,0),1)"
            continuousBernoulliDistance
        |> LineLaw.expectsAt2 Moment.Exp @"e^{A(\eta_q+#1)-A(\eta_q)-#1#2}" (fun q t m ->
            (LogMeanExp.value (q.Logits .+. t) - LogMeanExp.value q.Logits - t * m).exp())
        |> LineLaw.expectsAt
            Moment.Cosine
            @"\tfrac{e^{-A(-\eta_q)}(\eta_q\cos(1-#1)+\sin(1-#1))-e^{-A(\eta_q)}(\eta_q\cos #1-\sin #1)}{\eta_q^2+1}"
            continuousBernoulliCosine
        |> LineLaw.logDensity @"-A(\eta_p)" (fun p -> (LogMeanExp.value p.Logits).neg())
        |> LineLaw.term Moment.X @"\eta_p" _.Logits

    let all = [ LineLaw.known beta; LineLaw.known kumaraswamy; LineLaw.known continuousBernoulli ]
