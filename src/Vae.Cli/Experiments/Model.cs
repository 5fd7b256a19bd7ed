using System;
using System.Linq;

namespace VaeFunctional.Cli.Experiments;

/// <summary>The model of an experiment, for data of one shape.</summary>
internal static class Model
{
    public static VaeModel Create(Experiment experiment, Settings settings, DataSet data)
    {
        var shape = Array.ConvertAll(data.ItemShape, size => (int)size);
        CheckFit(settings, data, shape);

        var (encoder, decoder) = settings.Architecture switch
        {
            Architecture.Conv => (
                Encoder.Convolutional([32, 64], 16),
                (Func<int[], Net>)(to => Decoder.Convolutional([64, 32], to))
            ),
            Architecture.Dense => (Encoder.Dense(512, 256), to => Decoder.Dense([256, 512], to)),
            Architecture.Residual => (Encoder.Residual([32, 64], 64), to => Decoder.Residual([64, 32], to)),
            var other => throw new InvalidOperationException($"there is no architecture {other}"),
        };

        var model = Refusing(() =>
            VaeModel.Create(
                experiment.PriorOf(settings),
                Posterior.Parse(settings.Posterior, encoder),
                Likelihood.Parse(settings.Likelihood, shape, decoder),
                GivenOf(settings, data)
            )
        );

        if (!settings.Steady)
        {
            return model;
        }

        using (model)
        {
            return model.Spread(data);
        }
    }

    /// <summary>What <c>--conditional</c> means for data: its labels, or factors that it has.</summary>
    private static Given? GivenOf(Settings settings, DataSet data)
    {
        if (settings.Conditional is not { } text)
        {
            return null;
        }

        if (text != Label)
        {
            return Given.Factors(text.Split(',', StringSplitOptions.TrimEntries));
        }

        return data.Labels.Count > 0
            ? Given.Label(Math.Max(2, data.Labels.Max() + 1))
            : throw new UserException($"--conditional is label, and {data.Name} has no labels");
    }

    /// <summary>The word for a model that is given labels.</summary>
    public const string Label = "label";

    /// <summary>The objective of a run, for its model.</summary>
    public static Objective ObjectiveOf(Settings settings, VaeModel model) =>
        Refusing(() =>
        {
            var objective = Objective.Parse(settings.Objective, model);
            model.CheckObjective(objective);
            return objective;
        });

    /// <summary>What the parts of a model refuse is for the user to put right.</summary>
    public static T Refusing<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException refusal)
        {
            throw new UserException($"{refusal.Message}; `vae models` lists what can be combined");
        }
    }

    private static void CheckFit(Settings settings, DataSet data, int[] shape)
    {
        if (settings.Architecture != Architecture.Dense && shape[1..].Any(size => size % 4 != 0))
        {
            throw new UserException(
                $"the images of {data.Name} are {shape[1]} x {shape[2]}; --architecture {Words.Of(settings.Architecture)} "
                    + "expects sides divisible by 4, dense takes any"
            );
        }
    }

    /// <summary>Refuses data that a run's model can be neither trained nor measured on.</summary>
    public static void CheckData(VaeModel model, string likelihood, params DataSet[] parts)
    {
        foreach (var part in parts)
        {
            try
            {
                model.CheckData(part);
            }
            catch (ArgumentException refusal)
            {
                throw new UserException(
                    $"{part.Name} is no data for --likelihood {likelihood}: --likelihood bernoulli expects 0 and 1, "
                        + $"cross-entropy takes grey levels in [0, 1], gaussian any; {refusal.Message}"
                );
            }
        }
    }
}
