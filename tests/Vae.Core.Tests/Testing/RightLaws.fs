/// Laws that are right and hard to test: ends with unbounded density, ends that depend on parameters, tails without
/// moments, counts beyond what can be summed.
module Vae.Core.Tests.Testing.RightLaws

open System
open TorchSharp
open Vae.Core

/// shape * x^-(shape + 1) * scale^shape above scale: no mean for a shape of at most 1.
type PowerLaw(scale: Tensor, shape: Tensor) =
    inherit Univariate()
    do Check.positive (nameof scale) scale
    do Check.positive (nameof shape) shape
    let scale, shape = together (nameof scale) scale (nameof shape) shape

    /// Draws that would overflow are the largest number; those that would round to the end, the next.
    let inside (x: Tensor) = x.clamp_max(1e308.AsScalar()).maximum(scale * (1.0 + 1e-15).AsScalar())

    override _.BatchShape = scale.shape
    override _.Support = Support.Open(Bound.PerLaw scale, Bound.At Double.PositiveInfinity)
    override _.Placement = Placement.like scale
    override _.LogDensity x = shape.log () - x.log () - shape * (x.log () - scale.log ())
    override _.LowerTail x = (shape * (scale.log () - x.log ())).expm1().neg()
    override _.UpperTail x = (shape * (scale.log () - x.log ())).exp()
    override _.FromLower p = scale * (p.neg().log1p().neg() / shape).exp()
    override _.FromUpper q = scale * (q.log().neg() / shape).exp()

    override this.Sample(key, draws) =
        let place = Placement.like scale

        withoutGradient (fun () ->
            let x = this.FromLower(Key.uniform place (Array.append draws scale.shape) key)
            if place.DType = torch.ScalarType.Float64 then inside x else x)

    override _.Mean =
        Tensor.scoped (fun () ->
            let mean = scale * shape / (-1.0 .+ shape)
            mean.masked_fill (shape.le (1.0.AsScalar()), Double.PositiveInfinity.AsScalar()))

    override _.Variance =
        Tensor.scoped (fun () ->
            let variance = scale.squared () * shape / ((-1.0 .+ shape).squared() * (-2.0 .+ shape))
            variance.masked_fill (shape.le (2.0.AsScalar()), Double.PositiveInfinity.AsScalar()))

    override _.Mode = Some scale
    override _.Entropy = known (fun () -> 1.0 .+ (scale.log () - shape.log () + shape.reciprocal ()))

/// Kumaraswamy's law, 1 - (1 - x^a)^b on (0, 1): with both shapes small, most of it rounds to the ends.
type Kumaraswamy(a: Tensor, b: Tensor) =
    inherit Univariate()
    do Check.positive (nameof a) a
    do Check.positive (nameof b) b
    let a, b = together (nameof a) a (nameof b) b
    let limits (x: Tensor) = torch.finfo x.dtype

    let inside (x: Tensor) = x.clamp ((limits x).tiny.AsScalar(), (1.0 - (limits x).eps / 2.0).AsScalar())

    /// log (1 - x^a), where x^a is near 0 and where it is near 1.
    let logRest (x: Tensor) =
        let y = a * x.log ()
        let isSmall = y.lt ((-0.7).AsScalar())
        let small = y.clamp_max((-0.5).AsScalar()).exp().neg().log1p()
        torch.where (isSmall, small, y.expm1().neg().log())

    override _.BatchShape = a.shape
    override _.Support = Support.unit
    override _.Placement = Placement.like a

    override _.LogDensity x = a.log () + b.log () + (-1.0 .+ a) * x.log () + (-1.0 .+ b) * logRest x

    override _.LowerTail x = (b * logRest x).expm1().neg()
    override _.UpperTail x = (b * logRest x).exp()
    override _.FromLower p = ((p.neg().log1p() / b).expm1().neg().log() / a).exp()
    override _.FromUpper q = ((q.log () / b).expm1().neg().log() / a).exp()

    override this.Sample(key, draws) =
        let noise = Key.uniform (Placement.like a) (Array.append draws a.shape) key
        withoutGradient (fun () -> inside (this.FromLower noise))

    override this.Mean = unknown this "mean"
    override this.Variance = unknown this "variance"

/// The failures before the first success, by the log-odds of a success.
type Failures(logits: Tensor) =
    inherit Univariate()
    do Check.finite (nameof logits) logits

    let logSuccess, logFailure =
        torch.nn.functional.logsigmoid logits, torch.nn.functional.logsigmoid (logits.neg ())

    override _.BatchShape = logits.shape
    override _.Support = Support.naturals
    override _.Placement = Placement.like logits
    override _.LogDensity x = logSuccess + x * logFailure
    override _.LowerTail x = ((1.0 .+ x) * logFailure).expm1().neg()
    override _.UpperTail x = ((1.0 .+ x) * logFailure).exp()
    override _.FromLower p = (-1.0 .+ (p.neg().log1p() / logFailure).ceil()).clamp_min(0.0.AsScalar())
    override _.FromUpper q = (-1.0 .+ (q.log () / logFailure).ceil()).clamp_min(0.0.AsScalar())
    override _.Mean = logits.neg().exp()
    override _.Variance = Tensor.scoped (fun () -> logits.neg().exp() * (1.0 .+ logits.neg().exp()))
    override _.Mode = known (fun () -> torch.zeros_like logits)

let infos = [
    LawInfo.of2 "PowerLaw" (LawParameter.positive "scale") (LawParameter.shape "shape") (fun scale shape ->
        PowerLaw(scale, shape))
    LawInfo.of2 "Kumaraswamy" (LawParameter.shape "a") (LawParameter.shape "b") (fun a b -> Kumaraswamy(a, b))
    LawInfo.of1 "Failures" (LawParameter.logit "logits") (fun logits -> Failures logits)
]
