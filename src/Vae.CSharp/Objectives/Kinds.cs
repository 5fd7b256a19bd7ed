using System;

namespace VaeFunctional;

/// <summary>Whose covariance over the data DIP-VAE holds to the identity (Kumar, Sattigeri and Balakrishnan, 2018).</summary>
public enum Dip
{
    /// <summary>That of the posterior means: DIP-VAE-I.</summary>
    Means,

    /// <summary>That of the draws: DIP-VAE-II.</summary>
    Draws,
}

/// <summary>What nats are free of charge in.</summary>
public enum FreeGroup
{
    /// <summary>Each number of each latent.</summary>
    Dimension,

    /// <summary>Each latent as a whole.</summary>
    Latent,
}

/// <summary>What is compared with the free nats.</summary>
public enum FreeOver
{
    /// <summary>The KL of each example.</summary>
    Example,

    /// <summary>The mean of the KL over the batch.</summary>
    Batch,
}

/// <summary>What an adversary tells apart, and so what the model is trained to make alike.</summary>
public enum Adversary
{
    /// <summary>
    /// Latents of the data from such whose numbers were exchanged between examples: its logit estimates the total correlation (Kim
    /// and Mnih, "Disentangling by factorising", 2018).
    /// </summary>
    TotalCorrelation,

    /// <summary>Latents of the data from draws of the prior (Makhzani et al., "Adversarial autoencoders", 2016).</summary>
    Prior,

    /// <summary>Examples from the means of what the model decodes (Larsen et al., 2016, by the adversary's judgement alone).</summary>
    Data,
}

/// <summary>The kinds as the core has them.</summary>
internal static class Kinds
{
    public static Core.Dip ToCore(this Dip kind, string argument) =>
        kind switch
        {
            Dip.Means => Core.Dip.Means,
            Dip.Draws => Core.Dip.Draws,
            _ => throw Unknown(kind, argument),
        };

    public static Core.FreeGroup ToCore(this FreeGroup group, string argument) =>
        group switch
        {
            FreeGroup.Dimension => Core.FreeGroup.Dimension,
            FreeGroup.Latent => Core.FreeGroup.Latent,
            _ => throw Unknown(group, argument),
        };

    public static Core.FreeOver ToCore(this FreeOver over, string argument) =>
        over switch
        {
            FreeOver.Example => Core.FreeOver.Example,
            FreeOver.Batch => Core.FreeOver.Batch,
            _ => throw Unknown(over, argument),
        };

    public static Core.Adversary ToCore(this Adversary kind, string argument) =>
        kind switch
        {
            Adversary.TotalCorrelation => Core.Adversary.TotalCorrelation,
            Adversary.Prior => Core.Adversary.Prior,
            Adversary.Data => Core.Adversary.Data,
            _ => throw Unknown(kind, argument),
        };

    private static ArgumentOutOfRangeException Unknown<T>(T value, string argument)
        where T : struct, Enum =>
        new(argument, value, $"{argument} is {value}; expected one of {string.Join(", ", Enum.GetNames<T>())}");
}
