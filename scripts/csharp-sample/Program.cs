// Trains a dense VAE with a correlated prior on drawn digits, in less than a minute; Ctrl+C ends it early.
using System;
using System.Threading;
using VaeFunctional;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

var (train, test) = Digits.Draw(seed: 7, count: 10_000).Split(0.9);

using var vae = VaeModel.Create(
    Prior.Gaussian(
        new[,]
        {
            { 1.0, 0.4 },
            { 0.4, 0.5 },
        }
    ),
    Posterior.DiagonalNormal(Encoder.Dense(512, 256)),
    Likelihood.BernoulliCrossEntropy(Decoder.Dense(256, 512))
);

Console.WriteLine(vae);

var progress = new Progress<TrainingProgress>(now =>
{
    if (now.Completed is { } epoch)
    {
        Console.WriteLine($"epoch {epoch.Number}: {epoch.Total:F2} nats, of which KL {epoch.Kl:F2}");
    }
});

try
{
    await vae.FitAsync(train, new TrainingOptions { Epochs = 5, Seed = 42 }, progress, stop.Token);
}
catch (OperationCanceledException)
{
    Console.WriteLine("ended early");
}

Console.WriteLine(vae.Evaluate(test));
