namespace VaeFunctional;

/// <summary>The score above which a row is an alarm, by a share of false ones.</summary>
/// <param name="Nats">Rows that score higher are alarms: those whose p-value is at most <paramref name="Rate"/>.</param>
/// <param name="Rate">
/// The share of false alarms among rows like those that scores are calibrated by, on average over such rows: what was asked for, or the
/// next lower one that so many rows can tell.
/// </param>
/// <param name="Low">
/// With probability 0.95 over the rows that scores are calibrated by, the share of false alarms is at least this.
/// </param>
/// <param name="High">And at most this.</param>
public sealed record ScoreThreshold(double Nats, double Rate, double Low, double High);
