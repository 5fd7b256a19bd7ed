using System;

namespace VaeFunctional;

/// <summary>
/// Maximum mean discrepancy: the distance of two laws' means in a kernel's space, from draws of both (Gretton and others,
/// 2012).
/// </summary>
public static class Mmd
{
    /// <summary>
    /// The squared MMD from n draws of each law, of shape n + event, with its standard error: unbiased, so that it may be below
    /// 0, and differentiable in the draws.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes differ, or there are fewer than 4 draws.</exception>
    public static Estimate Estimate(Kernel kernel, Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return VaeFunctional.Estimate.Keep(() => Core.Mmd.estimate(kernel.Value, x, y));
    }
}
