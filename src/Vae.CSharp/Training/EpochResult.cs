using System.Collections.Generic;

namespace VaeFunctional;

/// <summary>What an epoch of training saw, in nats per example.</summary>
public sealed record EpochResult
{
    internal EpochResult(Core.Epoch epoch)
    {
        Number = epoch.Number;
        Total = epoch.Total;
        Terms = KnownTerms.Of(epoch.Terms);
        Validation = epoch.Validation is { } measured ? new Evaluation(measured.Value) : null;
        Rate = epoch.Rate;
        Examples = epoch.Examples;
    }

    /// <summary>From 1.</summary>
    public int Number { get; }

    /// <summary>The mean of the objective over the epoch's examples, as the parameters moved.</summary>
    public double Total { get; }

    /// <summary>The mean of each term of the objective, unweighted, in the objective's order.</summary>
    public IReadOnlyList<Term> Terms { get; }

    /// <summary>The mean of the reconstruction term, unweighted.</summary>
    public double Reconstruction => KnownTerms.ReconstructionOf(Terms);

    /// <summary>The mean of the KL term, unweighted: the sum over the latents where there are several.</summary>
    public double Kl => KnownTerms.KlOf(Terms);

    /// <summary>The objective on the validation data, with the parameters the epoch ended with; null where there is none.</summary>
    public Evaluation? Validation { get; }

    /// <summary>The learning rate of the last step.</summary>
    public double Rate { get; }

    /// <summary>How many examples were visited.</summary>
    public int Examples { get; }
}
