using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Tasks;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace VaeFunctional.Cli.Display;

/// <summary>
/// Shows a training: a line for each completed epoch and, on a terminal, a bar with the step's numbers below them.
/// </summary>
internal sealed class TrainingDisplay : IProgress<TrainingProgress>
{
    private const int BarWidth = 40;
    private static readonly TimeSpan redrawn = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole console;
    private readonly Action<EpochResult, TimeSpan> completed;
    private readonly Action<IRenderable>? draw;
    private readonly Stopwatch sinceFirst = new();
    private TimeSpan lastDrawn = -redrawn;
    private TrainingProgress? last;
    private long stepsSinceFirst;
    private long imagesSinceFirst;

    private TrainingDisplay(IAnsiConsole console, Action<EpochResult, TimeSpan> completed, Action<IRenderable>? draw)
    {
        this.console = console;
        this.completed = completed;
        this.draw = draw;
    }

    /// <summary>Runs a training and shows it.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="scoreName">What the reconstruction is called.</param>
    /// <param name="completed">Told of every completed epoch and how long it took.</param>
    /// <param name="train">The training, which tells its progress.</param>
    public static async Task ShowAsync(
        IAnsiConsole console,
        string scoreName,
        Action<EpochResult, TimeSpan> completed,
        Func<IProgress<TrainingProgress>, Task> train
    )
    {
        console.Say("nats per image:");
        console.Say(
            $"{"epoch", 9}  {"total", 10}  {scoreName, 14}  {"KL", 8}  {"held-out total", 14}  {"images/s", 9}"
        );

        if (console.Profile is { Out.IsTerminal: true, Capabilities: { Ansi: true, Interactive: true } })
        {
            await console
                .Live(new Text(""))
                .AutoClear(true)
                .StartAsync(live => train(new TrainingDisplay(console, completed, live.UpdateTarget)));
        }
        else
        {
            await train(new TrainingDisplay(console, completed, draw: null));
        }
    }

    public void Report(TrainingProgress value)
    {
        Count(value);

        if (value.Completed is { } epoch)
        {
            completed(epoch, value.Elapsed);
            console.Say(Line(epoch, value));
        }

        if (draw is not null && sinceFirst.Elapsed - lastDrawn >= redrawn)
        {
            lastDrawn = sinceFirst.Elapsed;
            draw(Status(value));
        }
    }

    /// <summary>Time is taken from the first step on, which is slower than the others, and may be any of a resumed run.</summary>
    private void Count(TrainingProgress value)
    {
        if (last is null)
        {
            sinceFirst.Start();
        }
        else
        {
            stepsSinceFirst++;
            imagesSinceFirst += value.Epoch == last.Epoch ? value.Examples - last.Examples : value.Examples;
        }

        last = value;
    }

    private static string Line(EpochResult epoch, TrainingProgress value) =>
        $"{$"{epoch.Number}/{value.Epochs}", 9}  {epoch.Total, 10:F3}  {epoch.Reconstruction, 14:F3}  {epoch.Kl, 8:F3}  "
        + $"{epoch.Validation?.Total.Mean.ToString("F3") ?? "-", 14}  {epoch.Examples / value.Elapsed.TotalSeconds, 9:N0}";

    /// <summary>Hours, minutes and seconds below a day, else whole days.</summary>
    internal static string TimeLeft(double seconds) =>
        seconds < 86400
            ? string.Create(CultureInfo.InvariantCulture, $"{TimeSpan.FromSeconds(seconds):hh\\:mm\\:ss}")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 86400):N0} days");

    private Markup Status(TrainingProgress value)
    {
        var filled = (int)(BarWidth * ((double)value.Step / value.Steps));
        var stroke = console.Profile.Capabilities.Unicode ? '━' : '-';
        var bar = $"[green]{new string(stroke, filled)}[/][grey]{new string(stroke, BarWidth - filled)}[/]";
        var isTimed = stepsSinceFirst > 0;
        var left = isTimed ? sinceFirst.Elapsed.TotalSeconds / stepsSinceFirst * (value.Steps - value.Step) : 0;
        var timeLeft = isTimed ? TimeLeft(left) : "--:--:--";
        var speed = isTimed ? $"{imagesSinceFirst / sinceFirst.Elapsed.TotalSeconds:N0}" : "-";
        return new(
            $"{bar}  epoch {value.Epoch}/{value.Epochs}  {100.0 * value.Step / value.Steps:F0}%  {timeLeft} left\n"
                + $"total [bold]{value.Total:F3}[/]  reconstruction [bold]{value.Reconstruction:F3}[/]  "
                + $"KL [bold]{value.Kl:F3}[/]  {speed} images/s"
        );
    }
}
