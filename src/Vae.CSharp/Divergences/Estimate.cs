using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeFunctional;

/// <summary>A quantity estimated from draws, of the batch's shape.</summary>
/// <param name="Mean">The mean over the draws.</param>
/// <param name="StandardError">The standard error of that mean.</param>
public sealed record Estimate(Tensor Mean, Tensor StandardError)
{
    /// <summary>
    /// Why the estimate of a member of the batch is not to be believed, row by row; null where nothing is wrong: a mean that is
    /// not a number, or below 0 by more than six standard errors of what cannot be, or values of so heavy a tail that their mean
    /// has no standard error.
    /// </summary>
    public IReadOnlyList<string?> Doubts { get; init; } = [];

    /// <summary>Whether the estimates of all members of the batch are to be believed.</summary>
    public bool IsSound => Doubts.All(doubt => doubt is null);

    /// <summary>Runs an estimator and keeps only its result, which then is the caller's.</summary>
    internal static Estimate Keep(Func<Core.Estimate> compute)
    {
        using var scope = Interop.Scope();
        var estimate = compute();
        return new(estimate.Mean.MoveToOuterDisposeScope(), estimate.StandardError.MoveToOuterDisposeScope())
        {
            Doubts = [.. estimate.Doubts.Select(doubt => doubt.IsSound ? null : doubt.Reason)],
        };
    }
}
