using System;
using Expecto;
using Expecto.CSharp;
using TorchSharp;

namespace VaeFunctional.Tests;

internal static class DiffTests
{
    private static readonly Func<torch.Tensor, torch.Tensor> Cubes = x => (x * x * x).sum();

    private static readonly Func<torch.Tensor, torch.Tensor> Swirl = p =>
    {
        var (x, y, z) = (p[0], p[1], p[2]);
        return torch.stack([-y * z, x * y, z * z * x]);
    };

    private static torch.Tensor Point => TensorNumbers.Vector(1, 2, 3);

    private static torch.Tensor Direction => TensorNumbers.Vector(1, 0, -1);

    private static Test Gives(string name, Func<torch.Tensor> derivative, params double[] expected) =>
        Runner.TestCase(
            name,
            () =>
            {
                using var scope = torch.NewDisposeScope();
                Check.Sequence(derivative().ToNumbers(), expected, name);
            }
        );

    private static Test GivesPair(
        string name,
        Func<(torch.Tensor, torch.Tensor)> both,
        double[] first,
        double[] second
    ) =>
        Runner.TestCase(
            name,
            () =>
            {
                using var scope = torch.NewDisposeScope();
                var (a, b) = both();
                Check.Sequence(a.ToNumbers(), first, $"the first of {name}");
                Check.Sequence(b.ToNumbers(), second, $"the second of {name}");
            }
        );

    public static readonly Test Tests = Runner.TestList(
        "diff",
        [
            Gives("derivative", () => Diff.Derivative(x => x * x, TensorNumbers.Scalar(3)), 6),
            Gives("second derivative", () => Diff.SecondDerivative(x => x * x * x, TensorNumbers.Scalar(3)), 18),
            Gives("third derivative", () => Diff.NthDerivative(3, x => x * x * x, TensorNumbers.Scalar(3)), 6),
            Gives("gradient", () => Diff.Grad(Cubes, Point), 3, 12, 27),
            Gives("gradient along a vector", () => Diff.GradV(Cubes, Point, Direction), -24),
            Gives("Hessian", () => Diff.Hessian(Cubes, Point), 6, 0, 0, 0, 12, 0, 0, 0, 18),
            Gives("Hessian times a vector", () => Diff.HessianV(Cubes, Point, Direction), 6, 0, -18),
            Gives("Laplacian", () => Diff.Laplacian(Cubes, Point), 36),
            Gives("Jacobian", () => Diff.Jacobian(Swirl, Point), 0, -3, -2, 2, 1, 0, 9, 0, 6),
            Gives("Jacobian times a vector", () => Diff.JacobianV(Swirl, Point, Direction), 2, 2, 3),
            Gives("transposed Jacobian times a vector", () => Diff.JacobianTV(Swirl, Point, Direction), -9, -3, -8),
            Gives("curl", () => Diff.Curl(Swirl, Point), 0, -11, 5),
            Gives("divergence", () => Diff.Divergence(Swirl, Point), 7),
            GivesPair("value and gradient", () => Diff.GradWithValue(Cubes, Point), [36], [3, 12, 27]),
            GivesPair(
                "gradient and Hessian times a vector",
                () => Diff.GradHessianV(Cubes, Point, Direction),
                [-24],
                [6, 0, -18]
            ),
            GivesPair("curl and divergence", () => Diff.CurlDivergence(Swirl, Point), [0, -11, 5], [7]),
            Gives(
                "operators nest",
                () => Diff.Grad(x => Diff.Grad(y => (y * x * x).sum(), x.detach()).sum(), Point),
                2,
                4,
                6
            ),
            Gives(
                "the gradient of a KL by the mean is the mean",
                () => Diff.Grad(loc => Kl.Exact(new Normal(loc, torch.ones_like(loc)), new Normal(0, 1)).sum(), Point),
                1,
                2,
                3
            ),
            Gives(
                "gradients pass through draws",
                () => Diff.Grad(loc => new Normal(loc, torch.ones_like(loc)).Draw(Key.FromSeed(1), 4).sum(), Point),
                4,
                4,
                4
            ),
            Runner.TestCase(
                "a matrix where a vector is taken is refused by name",
                () =>
                {
                    using var matrix = TensorNumbers.Matrix(
                        new double[,]
                        {
                            { 1, 2 },
                        }
                    );
                    Check.Contains(
                        Check.Throws<ArgumentException>(() => Diff.Grad(Cubes, matrix)).Message,
                        "Diff.grad"
                    );
                }
            ),
        ]
    );
}
