namespace Vae.Core

open System
open TorchSharp

/// Quantiles of a law cut to an interval: the base law's, and where its tail cannot tell the point from an end of the interval, or
/// underflows, a root in the distance from an end. Without gradient.
[<RequireQualifiedAccess>]
module internal IntervalQuantile =
    /// What is solved for: at which distance from an end the share of the interval on this side of the point, or on the other,
    /// has a given log.
    type private Problem = {
        Law: Univariate
        From: Tensor
        UpTo: Tensor
        LogMass: Tensor
        /// Whether distances are from the lower end.
        IsLowerEnd: bool
        /// Whether the share is that between the end and the point.
        IsNear: bool
        LogShare: Tensor
        /// The elements that the answer is used of.
        Mine: Tensor
    }

    let private smallest (t: Tensor) = (torch.finfo t.dtype).tiny

    /// Newton's steps in the log of the distance, within the bracket found so far.
    let private solve (problem: Problem) : Tensor =
        let finish, other, sign =
            if problem.IsLowerEnd then
                problem.From, problem.UpTo, 1.0
            else
                problem.UpTo, problem.From, -1.0

        let mine = problem.Mine.logical_and (finish.isfinite ())
        let finish = finish.masked_fill (finish.isfinite().logical_not(), 0.0.AsScalar())
        let width = (sign .* (other - finish)).expand mine.shape
        let at (u: Tensor) = torch.minimum (torch.maximum (finish .+. sign .* u, problem.From), problem.UpTo)

        let logShare (x: Tensor) =
            let isBelow = problem.IsLowerEnd = problem.IsNear
            let a, b = if isBelow then problem.From, x else x, problem.UpTo
            IntervalMass.log problem.Law a b - problem.LogMass

        let logDensity x = problem.Law.LogProb x - problem.LogMass

        // A short share of a density that hardly changes, and a long one of a tail that is about exponential.
        let first =
            let ofNear = if problem.IsNear then problem.LogShare else problem.LogShare.neg().log()

            (ofNear - logDensity finish).exp().nan_to_num().clamp_min((smallest width).AsScalar())

        let mutable u =
            torch.minimum (first.expand mine.shape, torch.where (width.isfinite (), 0.5 .* width, first))

        let mutable lo, hi = torch.zeros_like u, width
        let mutable isLeft = mine.any().isTrue()
        let mutable steps = 0
        let tolerance = (4.0 * (torch.finfo u.dtype).eps) .* (1.0 .+ problem.LogShare.abs ())

        while isLeft && steps < 300 do
            let x = at u
            let found = logShare x
            // Positive where the point lies farther out.
            let off = if problem.IsNear then problem.LogShare - found else found - problem.LogShare
            let isShort = off.gt (0.0.AsScalar())
            lo <- torch.where (isShort, torch.maximum (lo, u), lo)
            hi <- torch.where (isShort, hi, torch.minimum (hi, u))
            let slope = (u.log () .+. logDensity x - found).exp()
            let step = (off / slope).clamp(-3.0.AsScalar(), 3.0.AsScalar())
            let step = torch.where (step.isnan (), 3.0 .* off.sign (), step)
            let next = u * step.exp ()

            let middle =
                let between = (0.5 .* (lo.log () .+. hi.log ())).exp()
                let ofHigh = torch.where (lo.gt (0.0.AsScalar()), between, 0.125 .* hi)
                torch.where (hi.isfinite (), ofHigh, 8.0 .* u)

            let next = torch.where (next.gt(lo).logical_and(next.lt hi), next, middle)
            // As near as the rounding of the logs lets it come, or as the numbers beside the end lie.
            let isNear = (next - u).abs().le(u * tolerance).logical_or((at next).eq x)
            let isDone = isNear.logical_or (mine.logical_not ())
            isLeft <- not (isDone.all().isTrue())
            u <- next
            steps <- steps + 1

        at u

    /// The roots where they are asked for, and the points there are elsewhere. One law's are solved for by themselves.
    let private solveAmong (problem: Problem) (x: Tensor) : Tensor =
        if not (problem.Mine.any().isTrue()) then
            x
        elif problem.From.dim () = 0L then
            let some = problem.LogShare.masked_select problem.Mine

            let roots =
                solve {
                    problem with
                        LogShare = some
                        Mine = torch.ones_like (some, dtype = torch.ScalarType.Bool)
                }

            x.masked_scatter (problem.Mine, roots)
        else
            torch.where (problem.Mine, solve problem, x)

    /// The share of a tail from which on the base law's quantile tells the point from the end.
    let exact = 0.01

    /// The same for draws, of which no digits beside an end are asked.
    let rough = 0.0

    let private tails (law: Univariate) (from: Tensor) (upTo: Tensor) (mass: Tensor) (below: Tensor) (above: Tensor) =
        law.Cdf from .+. below * mass, law.Survival upTo .+. above * mass

    let private isUnder (mass: Tensor) = mass.lt ((1e6 * smallest mass).AsScalar())

    /// What the base law's quantile is asked with.
    let private inside (t: Tensor) = t.clamp ((smallest t).AsScalar(), 0.5.AsScalar())

    /// The same points as the base law knows them, unless its tails underflow for one of the laws.
    let tryPosition (law: Univariate) from upTo (logMass: Tensor) (below: Tensor) (above: Tensor) : Position option =
        let mass = logMass.exp ()

        if (isUnder mass).any().isTrue() then
            None
        else
            let p, q = tails law from upTo mass below above
            Some(Position.choose (p.le q) (law.FromLowerAt(inside p)) (law.FromUpperAt(inside q)))

    /// The points with given shares of the interval below and above them, of which either may be the smaller.
    let solveFor
        least
        (law: Univariate)
        (from: Tensor)
        (upTo: Tensor)
        (logMass: Tensor)
        (below: Tensor)
        (above: Tensor)
        =
        let mass = logMass.exp ()
        let isLower = below.le above
        let p, q = tails law from upTo mass below above

        let ofTails =
            let x = torch.where (p.le q, law.FromLower(inside p), law.FromUpper(inside q))
            torch.minimum (torch.maximum (x, from), upTo)

        // The smaller share has to show in the tail that the base law's quantile is asked with.
        let share = torch.where(isLower, below, above).expand_as p
        let isLower = isLower.expand_as p
        let isUnder = (isUnder mass).expand share.shape
        let isLost = (share * mass).lt(least .* torch.minimum (p, q))
        let isLowDenser = (law.LogProb(from.nan_to_num ())).ge(law.LogProb(upTo.nan_to_num ()))
        let ofLowerEnd = torch.where (isUnder, isLowDenser, isLower)
        let isSolved = isUnder.logical_or isLost

        (ofTails, [ true, true; true, false; false, true; false, false ])
        ||> List.fold (fun x (isLowerEnd, isLowerShare) ->
            let condition (flag: bool) (t: Tensor) = if flag then t else t.logical_not ()

            let mine =
                isSolved.logical_and(condition isLowerEnd ofLowerEnd).logical_and(condition isLowerShare isLower)

            x
            |> solveAmong {
                Law = law
                From = from
                UpTo = upTo
                LogMass = logMass
                IsLowerEnd = isLowerEnd
                IsNear = (isLowerEnd = isLowerShare)
                LogShare = share.log ()
                Mine = mine
            })
