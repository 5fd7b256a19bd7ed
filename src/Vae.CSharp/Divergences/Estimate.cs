using System;

namespace VaeFunctional;

/// <summary>A quantity estimated from draws, of the batch's shape.</summary>
/// <param name="Mean">The mean over the draws.</param>
/// <param name="StandardError">The standard error of that mean.</param>
public sealed record Estimate(Tensor Mean, Tensor StandardError)
{
    /// <summary>Runs an estimator and keeps only its result, which then is the caller's.</summary>
    internal static Estimate Keep(Func<Core.Estimate> compute)
    {
        using var scope = Interop.Scope();
        var estimate = compute();
        return new(estimate.Mean.MoveToOuterDisposeScope(), estimate.StandardError.MoveToOuterDisposeScope());
    }
}
