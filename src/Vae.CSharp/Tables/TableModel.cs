using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.FSharp.Core;

namespace VaeFunctional;

/// <summary>
/// A trained model of a table's rows: a law for each column, all of them given one latent. It scores rows, fills what is missing and
/// draws new rows; it may be used from several threads.
/// <code>
/// var table = Table.Read("penguins.csv");
/// using var model = await TableModel.FitAsync(table);
/// model.Impute(table).Table.Write("filled.csv");
/// </code>
/// </summary>
public sealed class TableModel : IDisposable
{
    /// <summary>Guards the run: whoever reads its parameters holds it, so that none are freed under a reader.</summary>
    private readonly Lock gate = new();
    private readonly Tabular.TableRun run;
    private bool isDisposed;

    private TableModel(Tabular.TableRun run)
    {
        this.run = run;
        Schema = new(run.Schema);
    }

    /// <summary>The columns of the table that the model was trained on.</summary>
    public TableSchema Schema { get; }

    /// <summary>How many rows the p-values of scores are by: those that were held back from training for it.</summary>
    public int CalibrationRows => run.Calibration.Rows;

    /// <summary>Trains a model on most of a table's rows, on a thread of its own.</summary>
    /// <param name="table">At least 10 rows.</param>
    /// <param name="options">The defaults where none are given.</param>
    /// <param name="progress">Told after every step, on the training thread: let it be quick.</param>
    /// <param name="cancellationToken">Ends the training between steps.</param>
    /// <exception cref="ArgumentException">There are too few rows, or options do not fit.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    /// <exception cref="Core.TrainingDivergedException">A step was not finite.</exception>
    public static Task<TableModel> FitAsync(
        Table table,
        TableModelOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(table);
        return FitAsync(
            (observe, settings) => Tabular.TableRunModule.fitWith(observe, settings, table.Value),
            options,
            progress,
            cancellationToken
        );
    }

    /// <summary>
    /// Trains a model on most of the rows of a file, of those that <see cref="Table.Read"/> reads, on a thread of its own. The file need
    /// not fit in memory (<see cref="FitAsync(TableRows, TableModelOptions?, IProgress{TrainingProgress}?, CancellationToken)"/>).
    /// </summary>
    /// <param name="path">The file, of at least 10 rows. Its columns are told by a look at all values.</param>
    /// <param name="options">The defaults where none are given.</param>
    /// <param name="progress">Told after every step, on the training thread: let it be quick.</param>
    /// <param name="cancellationToken">Ends the training between steps.</param>
    /// <exception cref="ArgumentException">There are too few rows, or options do not fit.</exception>
    /// <exception cref="Tabular.TableException">The file is no table, or has become another.</exception>
    /// <exception cref="System.IO.IOException">The folder of temporary files has no room.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    /// <exception cref="Core.TrainingDivergedException">A step was not finite.</exception>
    public static Task<TableModel> FitAsync(
        string path,
        TableModelOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FitAsync(
            (observe, settings) => Tabular.TableRunModule.fitRows(observe, settings, TableRows.Open(path).Value),
            options,
            progress,
            cancellationToken
        );
    }

    /// <summary>
    /// Trains a model on most of some rows, on a thread of its own. Rows of a file are read twice; from then on what the model sees of
    /// them is, of more than 256 MB of it, in a temporary file. The model is that of the same rows as a <see cref="Table"/>.
    /// </summary>
    /// <param name="rows">At least 10.</param>
    /// <param name="options">The defaults where none are given.</param>
    /// <param name="progress">Told after every step, on the training thread: let it be quick.</param>
    /// <param name="cancellationToken">Ends the training between steps.</param>
    /// <exception cref="ArgumentException">There are too few rows, or options do not fit.</exception>
    /// <exception cref="Tabular.TableException">A value is none of its column, or the file has become another.</exception>
    /// <exception cref="System.IO.IOException">The folder of temporary files has no room.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    /// <exception cref="Core.TrainingDivergedException">A step was not finite.</exception>
    public static Task<TableModel> FitAsync(
        TableRows rows,
        TableModelOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(rows);
        return FitAsync(
            (observe, settings) => Tabular.TableRunModule.fitRows(observe, settings, rows.Value),
            options,
            progress,
            cancellationToken
        );
    }

    private static Task<TableModel> FitAsync(
        Func<FSharpFunc<Core.Report, Unit>, Tabular.TableOptions, Tabular.TableRun> fit,
        TableModelOptions? options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var settings = (options ?? new()).ToCore();

        void Observe(Core.Report report)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var completed = report.Completed is { } epoch ? new EpochResult(epoch.Value) : null;
            var epochs = (int)(report.Progress.Steps / report.Progress.StepsPerEpoch);
            progress?.Report(new TrainingProgress(report, epochs, completed));
        }

        Action<Core.Report> observe = Observe;
        return Task.Factory.StartNew(
            () => new TableModel(fit(observe.ToCore(), settings)),
            cancellationToken,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default
        );
    }

    /// <summary>The model that was saved into a folder.</summary>
    /// <exception cref="Core.StorageException">Files are missing, damaged, or not about one model.</exception>
    public static TableModel Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new(Tabular.TableRunModule.load(folder));
    }

    /// <summary>
    /// Saves the model into a folder, which is made where there is none: <c>schema.json</c>, <c>table.json</c>, what was learned of the
    /// columns, and the model.
    /// </summary>
    /// <exception cref="Core.StorageException">The folder holds a saved model already.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Read<object?>(run =>
        {
            Tabular.TableRunModule.save(folder, run);
            return null;
        });
    }

    /// <summary>How odd each row of a table is, in the table's order.</summary>
    /// <param name="table">One with the modelled columns of <see cref="Schema"/>.</param>
    /// <param name="by">
    /// -log p by 100 draws of the posterior for each row where nothing is given. With fewer draws than each kind has by default p-values of
    /// -log p are lower than they should be.
    /// </param>
    /// <exception cref="ArgumentException">A column is not there, or is another.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public IReadOnlyList<RowScore> Score(Table table, Scoring? by = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        var kind = (by ?? Scoring.LogLikelihood()).Value;
        var scores = Read(run => Tabular.TableRunModule.score(kind, run, table.Value));
        string[] names = [.. scores.Columns];
        return
        [
            .. scores.Score.Select(
                (score, i) =>
                    new RowScore(
                        i,
                        score,
                        scores.PValue[i],
                        names.Zip(scores.Shares[i]).ToDictionary(share => share.First, share => share.Second),
                        scores.Together[i]
                    )
            ),
        ];
    }

    /// <summary>The score above which a row is an alarm, by a share of false ones.</summary>
    /// <param name="rate">From 1 / (<see cref="CalibrationRows"/> + 1) on, which is the lowest that so many rows can tell.</param>
    /// <param name="by">What rows are scored by; -log p where nothing is given.</param>
    /// <exception cref="ArgumentException">The rate is lower, or no share.</exception>
    public ScoreThreshold Threshold(double rate, Scoring? by = null)
    {
        var found = Tabular.ThresholdModule.ofRate((by ?? Scoring.LogLikelihood()).Value, rate, run);
        return new(found.Score, found.Rate, found.Low, found.High);
    }

    /// <summary>
    /// The table with its missing values filled by the mean given what is there: of a positive column the geometric mean, of counts and
    /// ordered levels the nearest to the mean, of levels without an order the most probable one.
    /// </summary>
    /// <param name="table">One with the modelled columns of <see cref="Schema"/>.</param>
    /// <param name="samples">Draws of the posterior for each row.</param>
    /// <exception cref="ArgumentException">A column is not there, or is another.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public ImputedTable Impute(Table table, int samples = 200)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        var imputed = Read(run => Tabular.TableRunModule.impute(samples, run, table.Value));
        return new(new(imputed.Table), imputed.Uncertainty.ToDictionary(column => column.Key, column => column.Value));
    }

    /// <summary>
    /// Copies of the table with its missing values filled by draws of their laws given what is there (multiple imputation, by
    /// sampling importance resampling): what an analysis of each copy says, and how the copies differ, is what is known of what was
    /// missing. Drawn values have the decimals and ranges of their columns.
    /// </summary>
    /// <param name="table">One with the modelled columns of <see cref="Schema"/>.</param>
    /// <param name="copies">How many, at least 1.</param>
    /// <param name="samples">Draws of the posterior for each row that copies are chosen among, at least 1.</param>
    /// <param name="seed">What the draws are a function of.</param>
    /// <exception cref="ArgumentException">A column is not there, or is another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no copies or no draws.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public IReadOnlyList<Table> Complete(Table table, int copies, int samples = 200, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        var completed = Read(run => Tabular.TableRunModule.complete(copies, samples, seed, run, table.Value));
        return [.. completed.Select(copy => new Table(copy))];
    }

    /// <summary>The codes of a table's rows: the means of their posteriors, a row each.</summary>
    /// <exception cref="ArgumentException">A column is not there, or is another.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public double[][] Encode(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Read(run => Tabular.TableRunModule.encode(run, table.Value));
    }

    /// <summary>
    /// New rows: draws of the columns' laws at draws of the prior, with as many decimals as the training rows' columns have, and within
    /// their ranges.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There would be none.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    public Table Sample(int count, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new(Read(run => Tabular.TableRunModule.sample(seed, count, run)));
    }

    /// <summary>Frees the parameters.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (!isDisposed)
            {
                isDisposed = true;
                ((IDisposable)run).Dispose();
            }
        }
    }

    /// <summary>The model in words: its laws, column by column, and its networks.</summary>
    public override string ToString() => Core.VaeModule.describe(run.Run.Vae);

    /// <summary>What a function reads of the run, which is not disposed of meanwhile.</summary>
    internal T Read<T>(Func<Tabular.TableRun, T> read)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return read(run);
        }
    }
}
