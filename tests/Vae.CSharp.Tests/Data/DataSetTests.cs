using System;
using System.IO;
using System.Linq;
using Expecto;
using Expecto.CSharp;

namespace VaeFunctional.Tests;

internal static class DataSetTests
{
    private static DataSet Four() =>
        DataSet.FromBytes("four", [1, 1, 2], [0, 255, 51, 0, 255, 255, 0, 0], labels: [3, 1, 4, 1]);

    /// <summary>A white pixel, as a PNG.</summary>
    private static readonly byte[] png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
    );

    private static void PicturesOfAFolder()
    {
        using var scratch = new Scratch();
        var folder = scratch.At("flowers");
        Check.True(!ImageFolder.IsOne(folder), "no folder is none of pictures");

        foreach (var name in new[] { "rose", "aster" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            File.WriteAllBytes(Path.Combine(folder, name, "1.png"), png);
        }

        Check.True(ImageFolder.IsOne(folder), "a folder of classes is one");
        var (data, classes) = ImageFolder.Load(folder, size: (2, 3), isColor: true);
        Check.Sequence(classes, ["aster", "rose"], "classes");
        Check.Sequence(data.ItemShape, [3L, 2, 3], "planes, rows, columns");
        Check.Sequence(data.Labels, [0, 1], "labels");
        Check.Sequence(ImageFolder.Load(folder).Data.ItemShape, [1L, 1, 1], "as they are");
        Check.Throws<ArgumentOutOfRangeException>(() => ImageFolder.Load(folder, size: (0, 3)));
        Check.Throws<global::Vae.Core.DataFormatException>(() => ImageFolder.Load(scratch.At("none")));
    }

    private static void PixelsOfAFolder()
    {
        var folder = Directory.CreateTempSubdirectory("vae-idx-");

        try
        {
            var bits = DataSet.FromBytes("bits", [1, 1, 2], [0, 1], scale: 1, labels: [1]);

            void Write(string part, DataSet images)
            {
                Idx.WriteImages(At(part), images);
                Idx.WriteLabels(Path.Combine(folder.FullName, $"{part}-labels-idx1-ubyte"), [.. images.Labels]);
            }

            string At(string part) => Path.Combine(folder.FullName, $"{part}-images-idx3-ubyte");

            Write("train", Four());
            Write("t10k", bits);
            var (train, test) = Idx.Load(folder.FullName);
            Check.Sequence((double[])[train.Scale, test.Scale], [255, 255], "the scales, by the training images");
            Check.Equal(Idx.LoadPart(folder.FullName, DataPart.Test).Scale, 255, "the test part's");
            Check.Equal(
                Idx.LoadPart(folder.FullName, DataPart.Test, PixelScale.ZeroOne).Scale,
                1,
                "the test part's as stated"
            );
            Check.Throws<global::Vae.Core.DataFormatException>(() => Idx.Load(folder.FullName, PixelScale.ZeroOne));
            Check.Equal(Idx.ReadImages(At("t10k")).Scale, 255, "a file's");
            Check.Equal(Idx.ReadImages(At("t10k"), PixelScale.ZeroOne).Scale, 1, "a file's as stated");
            Write("train", bits);
            Check.Equal(Idx.Load(folder.FullName).Test.Scale, 1, "the folder's of 0 and 1");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static readonly Test Tests = Runner.TestList(
        "data",
        [
            Runner.TestCase(
                "digits have labels and factors, and are a function of the seed",
                () =>
                {
                    var digits = Digits.Draw(seed: 7, count: 20);
                    Check.Equal(digits.Count, 20, "how many");
                    Check.Sequence(digits.ItemShape, [1L, 28, 28], "their shape");
                    Check.Equal(digits.Labels.Count, 20, "labels");
                    Check.Equal(digits.Factors[3].Length, digits.FactorNames.Count, "factors of one");
                    Check.Sequence(
                        digits.Factor("class"),
                        digits.Labels.Select(label => (double)label),
                        "the factor 'class'"
                    );
                    Check.Equal(Digits.Draw(seed: 7, count: 20).Hash(), digits.Hash(), "the hash of the same");
                    Check.True(Digits.Draw(seed: 8, count: 20).Hash() != digits.Hash(), "another seed, other digits");
                    Check.True(
                        Digits.DrawClass(4, Key.FromSeed(1), 5).Labels.All(label => label == 4),
                        "digits of one class"
                    );
                }
            ),
            Runner.TestCase(
                "styles are drawn, changed and rendered",
                () =>
                {
                    var upright = Digits.Draw(style => style with { Class = 3, Slant = 0 }, Key.FromSeed(2), 4);
                    Check.True(upright.Labels.All(label => label == 3), "all are threes");
                    Check.True(upright.Factor("slant").All(slant => slant == 0), "none leans");
                    var (styleKey, hand) = Key.FromSeed(2).Fold(1).Split();
                    var second = DigitStyle.Draw(styleKey) with { Class = 3, Slant = 0 };
                    Check.Sequence(
                        Digits.Render(second, hand).Select(grey => grey / 255f),
                        upright[1],
                        "the second of them"
                    );
                    Check.Refuses<ArgumentException>("style", () => Digits.Render(second with { Class = 10 }, hand));
                }
            ),
            Runner.TestCase(
                "values are the bytes divided by the scale",
                () =>
                {
                    Check.Sequence(Four()[1], [0.2f, 0f], "the second item");
                    using var tensor = Four().ToTensor();
                    Check.Sequence(tensor.shape, [4L, 1, 1, 2], "the tensor's shape");
                }
            ),
            Runner.TestCase(
                "sets are cut and joined in order",
                () =>
                {
                    var (first, second) = Four().Split(0.75);
                    Check.Sequence(first.Labels, [3, 1, 4], "the first part's labels");
                    Check.Sequence(second.Append(first).Labels, [1, 3, 1, 4], "the labels of the parts exchanged");
                    Check.Sequence(Four().Slice(1, 2).Labels, [1, 4], "the middle");
                    Check.Equal(Four().Take(2).Count, 2, "the first two");
                    Check.Equal(second.Append(first).WithName("turned").Name, "turned", "a name of one's own");
                }
            ),
            Runner.TestCase(
                "labels and factors are given",
                () =>
                {
                    var data = DataSet
                        .FromValues("two", [2], [0, 1, 2, -3])
                        .WithLabels(1, 0)
                        .WithFactors(
                            ["size"],
                            [
                                [0.5],
                                [1.5],
                            ]
                        );
                    Check.Sequence(data.Labels, [1, 0], "the labels");
                    Check.Sequence(data.Factor("size"), [0.5, 1.5], "the factor");
                    Check.True(!data.IsBinary, "its values are not all 0 or 1");
                    Check.True(DataSet.FromBytes("bits", [2], [0, 1], scale: 1).IsBinary, "these are");
                }
            ),
            Runner.TestCase(
                "values are multiplied and shifted",
                () =>
                {
                    var grey = DataSet.FromValues("grey", [2], [0, 51, 102, 255], [3, 4]);
                    var scaled = grey.ScaleBy(1.0 / 255);
                    Check.Sequence(scaled[0], [0f, 0.2f], "the first item");
                    Check.Sequence(scaled.Labels, [3, 4], "the labels");
                    var signed = DataSet.FromValues("signed", [3], [-1, 0, 1]);
                    Check.Sequence(signed.ShiftBy(1).ScaleBy(0.5)[0], [0f, 0.5f, 1f], "from -1 and 1 to 0 and 1");
                    Check.Refuses<ArgumentException>("factor", () => grey.ScaleBy(0));
                    Check.Refuses<ArgumentException>("offset", () => grey.ShiftBy(double.NaN));
                }
            ),
            Runner.TestCase("a scale of pixels is the folder's, or stated", PixelsOfAFolder),
            Runner.TestCase("pictures of a folder are data, a class a folder in it", PicturesOfAFolder),
            Runner.TestCase(
                "a folder of MNIST's format is read as it was written",
                () =>
                {
                    var folder = Directory.CreateTempSubdirectory("vae-idx-");

                    try
                    {
                        string At(string name) => Path.Combine(folder.FullName, name);
                        var digits = Digits.Draw(seed: 1, count: 6);

                        foreach (var part in (string[])["train", "t10k"])
                        {
                            Idx.WriteImages(At($"{part}-images-idx3-ubyte.gz"), digits);
                            Idx.WriteLabels(At($"{part}-labels-idx1-ubyte.gz"), [.. digits.Labels]);
                        }

                        var (train, test) = Idx.Load(folder.FullName);
                        Check.Equal(train.Hash(), digits.Hash(), "the train part");
                        Check.Equal(test.Hash(), digits.Hash(), "the test part");
                        Check.Equal(
                            Idx.LoadPart(folder.FullName, DataPart.Test).Name,
                            test.Name,
                            "the test part's name"
                        );
                        Check.Contains(
                            Check
                                .Throws<global::Vae.Core.DataFormatException>(() =>
                                    Idx.LoadPart(folder.FullName, DataPart.Validation)
                                )
                                .Expected,
                            "binarized_mnist_valid"
                        );
                    }
                    finally
                    {
                        folder.Delete(recursive: true);
                    }
                }
            ),
        ]
    );
}
