namespace Vae.Core

open System
open System.Buffers.Binary
open System.Text

/// TensorFlow's Event message in the wire format of protocol buffers: what of it scalars take (tensorflow/core/util/event.proto
/// and framework/summary.proto).
[<RequireQualifiedAccess>]
module internal EventBytes =
    let rec private varint (value: uint64) : byte list =
        if value < 128UL then
            [ byte value ]
        else
            byte (value ||| 128UL) :: varint (value >>> 7)

    let private key field wire = varint (uint64 (field <<< 3 ||| wire))

    let private fixed64 field (value: float) = [
        yield! key field 1
        yield! BitConverter.GetBytes(BitConverter.DoubleToUInt64Bits value)
    ]

    let private fixed32 field (value: float32) = [
        yield! key field 5
        yield! BitConverter.GetBytes(BitConverter.SingleToUInt32Bits value)
    ]

    let private whole field (value: int64) = key field 0 @ varint (uint64 value)

    let private inside field (bytes: byte list) = key field 2 @ varint (uint64 bytes.Length) @ bytes

    let private text field (value: string) = inside field (List.ofArray (Encoding.UTF8.GetBytes value))

    /// An event at a step of what happened, at a time.
    let private event (time: DateTimeOffset) (step: int64) (what: byte list) : byte[] =
        let seconds = float (time - DateTimeOffset.UnixEpoch).Ticks / float TimeSpan.TicksPerSecond
        Array.ofList (fixed64 1 seconds @ whole 2 step @ what)

    /// What a file begins with.
    let version time : byte[] = event time 0L (text 3 "brain.Event:2")

    /// A run begins or goes on at a step: what a viewer has of it and later ones is no longer so.
    let start time step : byte[] = event time step (inside 7 (whole 1 1L))

    /// Numbers by their tags.
    let scalars time step (values: (string * float) list) : byte[] =
        let value (tag, number: float) = inside 1 (text 1 tag @ fixed32 2 (float32 number))
        event time step (inside 5 (List.collect value values))

    /// The step of an event that begins and ends in a file's bytes. Raises StorageException where they are no message.
    let step (path: string) (bytes: byte[]) (first: int, stop: int) : int64 =
        let refuse at = raise (StorageException(path, $"byte %d{at}", "no field of a message", "an event"))

        let rec number at shift value =
            if at >= stop || shift > 63 then
                refuse at
            else
                let value = value ||| (uint64 (bytes[at] &&& 127uy) <<< shift)
                if bytes[at] < 128uy then value, at + 1 else number (at + 1) (shift + 7) value

        let rec fields found at =
            if at = stop then
                found
            else
                let key, at = number at 0 0UL

                match key &&& 7UL with
                | 0UL ->
                    let value, at = number at 0 0UL
                    fields (if key = 16UL then int64 value else found) at
                | 1UL when stop - at >= 8 -> fields found (at + 8)
                | 5UL when stop - at >= 4 -> fields found (at + 4)
                | 2UL ->
                    let length, at = number at 0 0UL

                    if length <= uint64 (stop - at) then
                        fields found (at + int length)
                    else
                        refuse at
                | _ -> refuse at

        fields 0L first
