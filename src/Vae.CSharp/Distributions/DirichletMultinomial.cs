using System;

namespace VaeFunctional;

/// <summary>
/// DirichletMultinomial(totalCount, concentration): a multinomial law whose probabilities are Dirichlet(concentration),
/// with concentrations [batch..., n]. An event is the vector of the n counts.
/// </summary>
public sealed class DirichletMultinomial : Distribution
{
    internal DirichletMultinomial(Core.DirichletMultinomial law)
        : base(law) { }

    /// <summary>From numbers, in 64 bits.</summary>
    /// <exception cref="ArgumentException">
    /// The count is negative, there are no concentrations, or one is not positive.
    /// </exception>
    public DirichletMultinomial(long totalCount, params double[] concentration)
        : this(
            Interop.Own(() =>
                Core.DirichletMultinomial.Create(TensorNumbers.Scalar(totalCount), Interop.Vector(concentration))
            )
        ) { }

    /// <summary>
    /// From the count [batch...] and the concentrations [batch..., n], whose batches broadcast. The law borrows them.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A count is not a whole number of at least 0, there are no categories, or a concentration is not positive.
    /// </exception>
    public DirichletMultinomial(Tensor totalCount, Tensor concentration)
        : this(Core.DirichletMultinomial.Create(Interop.Given(totalCount), Interop.Given(concentration))) { }

    private Core.DirichletMultinomial Own => (Core.DirichletMultinomial)Law;

    /// <summary>The number of draws.</summary>
    public Tensor TotalCount => Interop.Alias(Own.TotalCount);

    /// <summary>The concentrations, [batch..., n].</summary>
    public Tensor Concentration => Interop.Alias(Own.Concentration);
}
