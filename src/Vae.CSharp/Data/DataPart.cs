namespace VaeFunctional;

/// <summary>A part of a published data set.</summary>
public enum DataPart
{
    /// <summary>What models are trained on.</summary>
    Train,

    /// <summary>What choices are made by; MNIST and its kin have none, the static binarized MNIST has.</summary>
    Validation,

    /// <summary>What results are reported on.</summary>
    Test,
}
