namespace Vae.Core

/// Every kind of law that the library knows by its parameters.
[<RequireQualifiedAccess>]
module Laws =
    /// In the order that tables show them.
    let all: LawInfo list = [
        Normal.info
        Laplace.info
        Logistic.info
        Cauchy.info
        StudentT.info
        Gumbel.info
        Uniform.info
        TruncatedNormal.info
        HalfNormal.info
        HalfCauchy.info
        LogNormal.info
        LogitNormal.info
        DiscretizedLogistic.info
        MultivariateNormal.info
        Bernoulli.info
        Categorical.info
        Exponential.info
        Gamma.info
        InverseGamma.info
        Chi2.info
        Chi.info
        Weibull.info
        Pareto.info
        Beta.info
        Kumaraswamy.info
        ContinuousBernoulli.info
        Dirichlet.info
        LowRankMultivariateNormal.info
        VonMises.info
        VonMisesFisher.info
        PowerSpherical.info
        SphericalUniform.info
        WrappedNormal.info
        Wishart.info
        LkjCholesky.info
        Geometric.info
        Poisson.info
        Binomial.info
        NegativeBinomial.info
        BetaBinomial.info
        OneHotCategorical.info
        Multinomial.info
        DirichletMultinomial.info
        RelaxedBernoulli.info
        RelaxedOneHotCategorical.info
        Delta.info
    ]

    /// The kind of law with a name, whatever its case.
    let tryFind (name: string) =
        all
        |> List.tryFind (fun info -> System.String.Equals(info.Name, name, System.StringComparison.OrdinalIgnoreCase))

    /// The kind of law with a name, whatever its case. Refuses a name that no kind has, by the argument that it was given for and
    /// with the names that it was perhaps meant to be.
    let find argument (name: string) : LawInfo =
        match tryFind name with
        | Some info -> info
        | None ->
            let meant = all |> List.map _.Name |> Spelling.meant name
            invalidArg argument $"%s{argument} is '%s{Spelling.shown name}', which is the name of no law; %s{meant}"

    /// The kind that a law is of, if it is one of these.
    let ofLaw (law: Distribution) = tryFind (law.GetType().Name)
