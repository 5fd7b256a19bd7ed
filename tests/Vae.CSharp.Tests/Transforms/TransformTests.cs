using System;
using System.Linq;
using Expecto;
using Expecto.CSharp;
using static TorchSharp.torch;

namespace VaeFunctional.Tests;

/// <summary>Transforms, by their inverses and by the determinant of the derivative that Diff finds.</summary>
internal static class TransformTests
{
    private static Tensor Vector(params double[] values) => TensorNumbers.Vector(values);

    private static Tensor Matrix(double a, double b, double c, double d) =>
        TensorNumbers.Matrix(
            new[,]
            {
                { a, b },
                { c, d },
            }
        );

    private static Test Elementwise(string name, Func<Transform> make, double[] x, double[] y) =>
        Scoped.Case(
            name,
            () =>
            {
                var transform = make();
                var (mapped, slope) = transform.ForwardAndLogDet(Vector(x));

                for (var i = 0; i < x.Length; i++)
                {
                    Check.Close(mapped.ToNumbers()[i], y[i], 1e-14, $"f({x[i]})");
                    Check.Close(transform.Inverse(mapped).ToNumbers()[i], x[i], 1e-13, $"the inverse at {y[i]}");
                    var at = Vector(x[i]);
                    var derivative = Diff.Grad(t => transform.Forward(t).sum(), at).ToNumber();
                    Check.Close(slope.ToNumbers()[i], Math.Log(Math.Abs(derivative)), 1e-13, $"the slope at {x[i]}");
                }
            }
        );

    /// <summary>Of vectors of two numbers: the log-determinant is that of the Jacobian.</summary>
    private static Test OfPairs(string name, Func<Transform> make) =>
        Scoped.Case(
            name,
            () =>
            {
                var (transform, x) = (make(), Vector(0.3, -0.7));
                Check.Equal(transform.Rank, 1, "the rank");
                var (y, logDet) = transform.ForwardAndLogDet(x);
                var (back, inverseLogDet) = transform.InverseAndLogDet(y);
                var rows = Enumerable.Range(0, 2).Select(i => Diff.Grad(t => transform.Forward(t)[i], x).ToNumbers());
                var jacobian = rows.ToArray();
                var determinant = jacobian[0][0] * jacobian[1][1] - jacobian[0][1] * jacobian[1][0];
                Check.Close(logDet.ToNumber(), Math.Log(Math.Abs(determinant)), 1e-13, "the log-determinant");
                Check.Close(inverseLogDet.ToNumber(), -logDet.ToNumber(), 1e-12, "that of the inverse");
                Check.Close(transform.LogDet(x).ToNumber(), logDet.ToNumber(), 1e-15, "that by itself");
                Check.Close(back.ToNumbers()[0], 0.3, 1e-12, "the first number back");
                Check.Close(back.ToNumbers()[1], -0.7, 1e-12, "the second number back");
                var inverted = transform.Invert();
                Check.Sequence(inverted.Forward(y).ToNumbers(), back.ToNumbers(), "the inverse as a transform");
            }
        );

    private static Made Network() => new(2, [5], Key.FromSeed(4));

    public static readonly Test Tests = Runner.TestList(
        "transforms",
        [
            Elementwise("affine", () => Transform.Affine(1, -2), [0, 3], [1, -5]),
            Elementwise("exp", () => Transform.Exp, [0, 2], [1, Math.Exp(2)]),
            Elementwise("softplus", () => Transform.Softplus, [0], [Math.Log(2)]),
            Elementwise("sigmoid", () => Transform.Sigmoid, [0, Math.Log(3)], [0.5, 0.75]),
            Elementwise("tanh", () => Transform.Tanh, [0, 0.5 * Math.Log(3)], [0, 0.5]),
            Elementwise("power", () => Transform.Power(-2), [2, 0.5], [0.25, 4]),
            Elementwise(
                "a spline of zeros is the identity",
                () =>
                    Transform.Spline(
                        3,
                        zeros(4, ScalarType.Float64),
                        zeros(4, ScalarType.Float64),
                        zeros(3, ScalarType.Float64)
                    ),
                [-5, 0.4],
                [-5, 0.4]
            ),
            Elementwise(
                "a chain runs from its first part",
                () => Transform.Chain(Transform.Affine(0, 2), Transform.Exp),
                [1],
                [Math.Exp(2)]
            ),
            Elementwise("a chain of none", () => Transform.Chain(), [1.5], [1.5]),
            OfPairs(
                "a lower triangular factor",
                () =>
                    Transform.ScaleTril(
                        [1, 2],
                        new double[,]
                        {
                            { 2, 0 },
                            { 1, 3 },
                        }
                    )
            ),
            OfPairs("a permutation", () => Transform.Permute(1, 0)),
            OfPairs("reflections", () => Transform.Householder(Matrix(1, 2, 0, 1))),
            OfPairs("planar", () => Transform.Planar(Vector(1, -2), Vector(0.5, 1), TensorNumbers.Scalar(0.3))),
            OfPairs(
                "radial",
                () => Transform.Radial(Vector(0, 1), TensorNumbers.Scalar(0.8), TensorNumbers.Scalar(1.5))
            ),
            OfPairs(
                "Sylvester",
                () =>
                    Transform.Sylvester(
                        Matrix(1, 2, 0, 1),
                        Matrix(0.4, 1, 0, 1),
                        Matrix(-1, 0.5, 0, 2),
                        Vector(0.1, 0.2)
                    )
            ),
            OfPairs(
                "a coupling by shift and log-scale",
                () => Transform.Coupling([true, false], passing => (passing.sin(), 0.5 * passing))
            ),
            OfPairs(
                "a coupling by an elementwise transform",
                () => Transform.Coupling([false, true], passing => Transform.Affine(passing, passing.exp()))
            ),
            OfPairs("masked autoregressive", () => Transform.MaskedAutoregressive(Network())),
            OfPairs("inverse autoregressive", () => Transform.InverseAutoregressive(Network())),
            Scoped.Case(
                "stick-breaking gives equal parts at 0",
                () =>
                {
                    var y = Transform.StickBreaking.Forward(Vector(0, 0)).ToNumbers();
                    Check.Close(y[2], 1.0 / 3, 1e-15, "the last part");
                    Check.Sequence(Transform.StickBreaking.ForwardShape(7, 2), [7L, 3], "the shape of y");
                    Check.Sequence(Transform.StickBreaking.InverseShape(7, 3), [7L, 2], "the shape of x");
                }
            ),
            Scoped.Case(
                "transforms of numbers outlive the scope they are made in",
                () =>
                {
                    Transform transform;

                    using (NewDisposeScope())
                    {
                        transform = Transform.Chain(Transform.Affine(1, 2), Transform.MaskedAutoregressive(Network()));
                    }

                    var x = Vector(1, 2);
                    var back = transform.Inverse(transform.Forward(x)).ToNumbers();
                    Check.Close(back[0], 1, 1e-13, "the number back");
                }
            ),
            Scoped.Case(
                "a MADE network is a value of its layers",
                () =>
                {
                    var network = Network();
                    Check.Sequence(network.Layers.Select(layer => layer.Weight.shape[0]), [5L, 4], "outputs of layers");
                    var same = new Made(2, [.. network.Layers]);
                    var (shift, logScale) = network.Conditions(Vector(1, 2));
                    Check.Sequence(same.Conditions(Vector(1, 2)).Shift.ToNumbers(), shift.ToNumbers(), "the shifts");
                    Check.Sequence(logScale.shape, [2L], "the log-scales");
                    // What the first number is shifted by depends on nothing.
                    var other = network.Conditions(Vector(-3, 5)).Shift.ToNumbers();
                    Check.Equal(other[0], shift.ToNumbers()[0], "the first shift");
                }
            ),
            Scoped.Refused("scale", "a scale of 0", () => Transform.Affine(0, 0)),
            Scoped.Refused("exponent", "an exponent of 0", () => Transform.Power(0)),
            Scoped.Refused("order", "an order with a number twice", () => Transform.Permute(0, 0)),
            Scoped.Refused("mask", "a coupling by which none passes", () => Transform.Coupling([false], x => (x, x))),
            Scoped.Refused("x", "points of another size", () => Transform.Permute(1, 0).Forward(Vector(1, 2, 3))),
            Scoped.Refused("k", "a network of no numbers", () => _ = new Made(0, [1], Key.FromSeed(0))),
            Scoped.Refused("layers", "a network of no layers", () => _ = new Made(1)),
        ]
    );
}
