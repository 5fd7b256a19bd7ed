module Vae.Core.Tests.Consumers.TensorBoardTests

open System
open System.IO
open Expecto
open Vae.Core
open Vae.Testing
open Vae.Core.Tests.Storage.Stored
open Vae.Core.Tests.Consumers.Watched

/// CRC-32C bit by bit, by its polynomial.
let private crc32c (bytes: byte[]) =
    let mutable crc = 0xffffffffu

    for byte in bytes do
        crc <- crc ^^^ uint32 byte

        for _ in 1..8 do
            crc <- if crc &&& 1u = 1u then (crc >>> 1) ^^^ 0x82f63b78u else crc >>> 1

    ~~~crc

/// As TensorFlow's crc32c.h has it.
let private masked bytes =
    let crc = crc32c bytes
    ((crc >>> 15) ||| (crc <<< 17)) + 0xa282ead8u

/// The events of a file, by the parser that protoc made of TensorFlow's own event.proto.
let private events (path: string) : Tensorboard.Event list =
    use reader = new BinaryReader(File.OpenRead path)

    [
        while reader.BaseStream.Position < reader.BaseStream.Length do
            let header = reader.ReadBytes 8
            Expect.equal (reader.ReadUInt32()) (masked header) "the length's checksum"
            let payload = reader.ReadBytes(int (BitConverter.ToUInt64 header))
            Expect.equal (reader.ReadUInt32()) (masked payload) "the checksum"
            Tensorboard.Event.Parser.ParseFrom payload
    ]

let private fileOf folder = Directory.GetFiles folder |> Array.exactlyOne

/// What a viewer shows.
let private scalars folder =
    events (fileOf folder)
    |> List.collect (fun event ->
        if isNull event.Summary then
            []
        else
            [ for value in event.Summary.Value -> event.Step, string value.Tag, value.SimpleValue ])

let private checksums =
    testCase "the checksum is CRC-32C, by its published value"
    <| fun () ->
        // RFC 3720, B.4, and the usual check value.
        Expect.equal (crc32c "123456789"B) 0xe3069283u "123456789"
        Expect.equal (crc32c (Array.zeroCreate 32)) 0x8a9136aau "32 zeros"

let private content =
    inFolder "every step is an event, and the file is one that TensorBoard looks for" (fun folder ->
        let before = DateTimeOffset.UtcNow
        run options (TensorBoard.events folder)
        Expect.stringContains (string (Path.GetFileName(fileOf folder))) "tfevents" "the name"
        let all = events (fileOf folder)
        Expect.equal (string all[0].FileVersion) "brain.Event:2" "the version, first"
        Expect.equal all[1].SessionLog.Status Tensorboard.SessionLog.Types.SessionStatus.Start "the beginning"

        for event in all do
            let time = DateTimeOffset.UnixEpoch.AddSeconds event.WallTime
            Expect.isTrue (time >= before.AddSeconds -1.0 && time <= DateTimeOffset.UtcNow.AddSeconds 1.0) "the time"

        let expected = [
            for report in reports options do
                let step = report.Progress.Step
                step, "train/total", float32 report.Total

                for term, nats in report.Terms do
                    step, "train/" + term, float32 nats

                step, "learning_rate", float32 report.Rate
                step, "gradient_norm", float32 report.GradientNorm

                for epoch in Option.toList report.Completed do
                    step, "validation/total", float32 epoch.Validation.Value.Total.Mean

                    for term, measured in epoch.Validation.Value.Terms do
                        step, "validation/" + term, float32 measured.Mean
        ]

        Expect.equal (scalars folder) expected "scalars")

let private resumed =
    inFolder "a run that was killed and goes on has the scalars of the uninterrupted one" (fun folder ->
        let whole = Path.Combine(folder, "whole")
        run options (TensorBoard.events whole)

        for after, from in [ 1, 1L; 5, 4L; 6, 3L; 12, 11L ] do
            let other = Path.Combine(folder, $"%d{after}-%d{from}")

            killed after from (fun () -> TensorBoard.events other) (fun () ->
                // A record that was not finished: another one's first bytes.
                tear (fileOf other) (Array.take 21 (File.ReadAllBytes(fileOf whole))) ())

            Expect.equal (scalars other) (scalars whole) $"%d{after} to %d{from}"

            let starts = events (fileOf other) |> List.filter (fun e -> not (isNull e.SessionLog))
            Expect.equal (starts |> List.map _.Step) [ 1L; from + 1L ] "beginnings")

let private atOnce =
    inFolder "an event is in the file as soon as it was shown" (fun folder ->
        let show = TensorBoard.events folder

        run options (fun report ->
            show report

            Expect.equal
                (scalars folder |> List.last |> fun (step, _, _) -> step)
                report.Progress.Step
                "the last step"))

let private numbers =
    testCase "steps of every size, and names of every script, come back"
    <| fun () ->
        for step in [ 0L; 1L; 127L; 128L; 300L; 1L <<< 40; Int64.MaxValue ] do
            let bytes = EventBytes.scalars DateTimeOffset.UnixEpoch step [ "träin/κλ", 1.5; "x", -0.0 ]
            let event = Tensorboard.Event.Parser.ParseFrom bytes
            Expect.equal event.Step step "step"
            Expect.equal event.WallTime 0.0 "time"

            Expect.equal
                [ for v in event.Summary.Value -> string v.Tag, v.SimpleValue ]
                [ "träin/κλ", 1.5f; "x", -0.0f ]
                "values"

            Expect.equal (EventBytes.step "" bytes (0, bytes.Length)) step "our own reader"

let private refusals =
    testList "what does not go together is refused" [
        inFolder "a run that begins anew, by the events of another" (fun folder ->
            run { options with Epochs = 1 } (TensorBoard.events folder)
            let before = File.ReadAllBytes(fileOf folder)
            let error = refusal (fun () -> run options (TensorBoard.events folder))
            Expect.stringContains error.Message "begins anew" "what would do"
            Expect.equal (File.ReadAllBytes(fileOf folder)) before "the file is as it was")

        inFolder "a damaged file" (fun folder ->
            run { options with Epochs = 1 } (TensorBoard.events folder)
            let path = fileOf folder
            let whole = File.ReadAllBytes path

            for at in [ 0; 3; 9; 12; 30; 100 ] do
                let bytes = Array.copy whole
                bytes[at] <- bytes[at] ^^^ 1uy
                let error = refusal (fun () -> TensorBoard.before path Int64.MaxValue bytes)
                Expect.stringContains error.Found "checksum" $"byte %d{at}")
    ]

let tests = testList "TensorBoard" [ checksums; content; resumed; atOnce; numbers; refusals ]
