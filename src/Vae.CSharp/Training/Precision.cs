namespace VaeFunctional;

/// <summary>The floating-point numbers that a model is made of.</summary>
public enum Precision
{
    /// <summary>32 bits: what training takes.</summary>
    Single,

    /// <summary>64 bits: what the test of a formula takes.</summary>
    Double,

    /// <summary>
    /// Parameters, draws and every term of the loss in 32 bits, and the linear layers of a step in bfloat16: a mantissa of 8
    /// bits. Layers with little to do, convolutions with those next to them, and all evaluation stay in 32 bits. It takes a
    /// processor with AVX512_BF16, or a CUDA device.
    /// </summary>
    BFloat16,
}
