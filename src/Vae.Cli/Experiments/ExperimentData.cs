using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace VaeFunctional.Cli.Experiments;

/// <summary>The two parts of an experiment's data, and what their classes are called.</summary>
internal sealed record ExperimentData(DataSet Train, DataSet HeldOut, IReadOnlyList<string> ClassNames)
{
    /// <summary>The program's own digits: 10,000 for training, 2,000 held out.</summary>
    public const string Digits = "digits";

    /// <summary>
    /// How many held-out images are measured after each epoch: enough to follow a run, few enough to cost little of it.
    /// The result is measured on all of them.
    /// </summary>
    public const int FollowedImages = 500;

    private const int OrderSeed = 7;

    private static readonly string[] Clothes =
    [
        "T-shirt",
        "trouser",
        "pullover",
        "dress",
        "coat",
        "sandal",
        "shirt",
        "sneaker",
        "bag",
        "ankle boot",
    ];

    /// <summary>The held-out images that are measured after each epoch.</summary>
    public DataSet Followed => HeldOut.Thin(FollowedImages);

    /// <summary>Loads what <c>--data</c> names.</summary>
    public static async Task<ExperimentData> LoadAsync(
        string source,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        switch (source)
        {
            case Digits:
                var digits = VaeFunctional.Digits.Draw(OrderSeed, 12_000);
                return Of(
                    digits.Slice(0, 10_000).WithName("digits-train"),
                    digits.Slice(10_000, 2_000).WithName("digits-test")
                );
            case "mnist":
                return Of(await Mnist.LoadAsync(progress, cancellationToken));
            case "fashion-mnist":
                return Of(await FashionMnist.LoadAsync(progress, cancellationToken)) with { ClassNames = Clothes };
            // A set in MNIST's format may have a picture beside it.
            case var folder when ImageFolder.IsOne(folder) && !Idx.IsOne(folder):
                return LoadPictures(folder);
            default:
                return Of(LoadFolder(source));
        }
    }

    /// <summary>The name that a run remembers a source by: a folder is found again from anywhere.</summary>
    public static string Absolute(string source) =>
        source == Digits || IsDownloaded(source) ? source : Path.GetFullPath(source);

    /// <summary>Whether a source's files are downloaded where they are not there yet.</summary>
    public static bool IsDownloaded(string source) => source is "mnist" or "fashion-mnist";

    /// <summary>The labels of a part, or one class of all where it has none.</summary>
    public static int[] LabelsOf(DataSet data) => data.Labels.Count > 0 ? [.. data.Labels] : new int[data.Count];

    /// <summary>Rows and columns of a picture: those of the study's images.</summary>
    private const int Side = 28;

    /// <summary>The pictures of a folder, grey and all of one size; one in six of a random order is held out.</summary>
    private static ExperimentData LoadPictures(string folder)
    {
        var (pictures, classes) = ImageFolder.Load(folder, (Side, Side), isColor: false);

        if (pictures.Count < 12)
        {
            throw new UserException($"{folder} holds {pictures.Count} pictures; expected at least 12");
        }

        var (heldOut, train) = pictures.Shuffle(OrderSeed).Split(1.0 / 6);
        var data = Of(train.WithName($"{pictures.Name}-train"), heldOut.WithName($"{pictures.Name}-test"));
        return classes.Count > 0 ? data with { ClassNames = classes } : data;
    }

    private static (DataSet, DataSet) LoadFolder(string folder) =>
        Directory.Exists(folder)
            ? Idx.Load(folder)
            : throw new UserException(
                $"--data is '{folder}', which is no folder; expected digits, mnist, fashion-mnist or a folder, of IDX files or of pictures"
            );

    private static ExperimentData Of((DataSet Train, DataSet HeldOut) parts) => Of(parts.Train, parts.HeldOut);

    private static ExperimentData Of(DataSet train, DataSet heldOut)
    {
        if (!train.ItemShape.SequenceEqual(heldOut.ItemShape))
        {
            throw new UserException($"the parts of the data differ in shape: {train}; {heldOut}");
        }

        var classes = train.Labels.Concat(heldOut.Labels).DefaultIfEmpty(-1).Max() + 1;
        string[] names = classes == 0 ? ["images"] : [.. Enumerable.Range(0, classes).Select(label => $"{label}")];
        return new(train, heldOut, names);
    }
}
