using System;
using System.Linq;

namespace VaeFunctional;

/// <summary>A positive definite function of the distance of two points, which MMD compares laws by.</summary>
public sealed class Kernel
{
    private Kernel(Core.Kernel value) => Value = value;

    internal Core.Kernel Value { get; }

    /// <summary>exp(-d^2 / (2 length^2))</summary>
    /// <exception cref="ArgumentException">The length is not positive.</exception>
    public static Kernel Gaussian(double length) => new(Core.KernelModule.gaussian(length));

    /// <summary>exp(-d / length)</summary>
    /// <exception cref="ArgumentException">The length is not positive.</exception>
    public static Kernel Laplacian(double length) => new(Core.KernelModule.laplacian(length));

    /// <summary>(1 + d^2 / length^2)^(-1/2)</summary>
    /// <exception cref="ArgumentException">The length is not positive.</exception>
    public static Kernel InverseMultiquadric(double length) => new(Core.KernelModule.inverseMultiquadric(length));

    /// <summary>(1 + d^2 / (2 power length^2))^-power: Gaussian kernels of many lengths, mixed.</summary>
    /// <exception cref="ArgumentException">The power or the length is not positive.</exception>
    public static Kernel RationalQuadratic(double power, double length) =>
        new(Core.KernelModule.rationalQuadratic(power, length));

    /// <summary>The sum of kernels, such as one kind at several lengths.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Kernel Sum(params Kernel[] kernels) =>
        new(
            Core.KernelModule.sum(
                Interop.Given(kernels).Select(kernel => Interop.Given(kernel, nameof(kernels)).Value).ToCoreList()
            )
        );

    /// <summary>The kernel with its lengths.</summary>
    public string Name => Value.Name;

    /// <summary>The kernel with its lengths.</summary>
    public override string ToString() => Value.Name;
}
