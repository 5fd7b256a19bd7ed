namespace Vae.Tables

open System
open System.Globalization

/// Dates as text, in the formats that are known, and as days.
[<RequireQualifiedAccess>]
module internal Dates =
    /// Patterns of .NET. Of those that differ in the order of day and month alone, a column may fit both.
    let formats = [
        "yyyy-MM-dd"
        "yyyy/MM/dd"
        "yyyyMMdd"
        "yyyy-MM-ddTHH:mm:ss"
        "yyyy-MM-dd HH:mm:ss"
        "yyyy-MM-dd HH:mm"
        "dd.MM.yyyy"
        "dd/MM/yyyy"
        "MM/dd/yyyy"
        "dd-MM-yyyy"
        "MM-dd-yyyy"
    ]

    /// A moment in one of the formats, to the second.
    let ofMoment (moment: DateTime) : string = moment.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)

    /// A date in one of the formats.
    let ofDate (date: DateTime) : string = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)

    let private origin = DateTime(2000, 1, 1)

    /// Days since the beginning of 2000; None of a text in another format.
    let tryDays (format: string) (text: string) : float option =
        match DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None) with
        | true, date -> Some (date - origin).TotalDays
        | _ -> None

    let private at (days: float) = origin.AddDays days

    let text (format: string) (days: float) : string =
        // To the second: days are float64, and half a second is what rounding may take.
        let seconds = Math.Round((at days - DateTime.MinValue).TotalSeconds)
        DateTime.MinValue.AddSeconds(seconds).ToString(format, CultureInfo.InvariantCulture)

    /// Where in the year a date is, from 0 to 1.
    let ofYear (days: float) : float =
        let date = at days
        let start = DateTime(date.Year, 1, 1)
        (date - start).TotalDays / (if DateTime.IsLeapYear date.Year then 366.0 else 365.0)

    /// Where in the week, from Monday on.
    let ofWeek (days: float) : float =
        let date = at days
        (float ((int date.DayOfWeek + 6) % 7) + date.TimeOfDay.TotalDays) / 7.0

    /// Where in the day.
    let ofDay (days: float) : float = (at days).TimeOfDay.TotalDays
