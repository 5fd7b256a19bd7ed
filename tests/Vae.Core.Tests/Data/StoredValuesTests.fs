module Vae.Core.Tests.Data.StoredValuesTests

open System
open Expecto
open Vae.Core

let private bytes scale (values: byte[]) = Bytes(ReadOnlyMemory values, scale)
let private floats (values: float32[]) = Floats(ReadOnlyMemory values)

let private numbers values =
    let target = Array.zeroCreate (StoredValues.length values)
    StoredValues.decode 0 (target.AsSpan()) values
    target

let tests =
    testList "StoredValues" [
        test "every byte is the nearest float32 to its quotient by the scale" {
            for scale in [ 1.0; 16.0; 255.0; 300.0 ] do
                let all = Array.init 256 byte
                let expected = all |> Array.map (fun b -> float32 (float b / scale))
                Expect.equal (numbers (bytes scale all)) expected $"scale %g{scale}"
        }

        test "appended values of different storage become floats of the same numbers" {
            let a, b, c = bytes 255.0 [| 0uy; 51uy |], bytes 1.0 [| 0uy; 1uy |], floats [| 0.25f |]
            let joined = StoredValues.append (StoredValues.append a b) c
            Expect.equal (numbers joined) [| 0.0f; 0.2f; 0.0f; 1.0f; 0.25f |] "numbers"
        }

        test "numbers in a file are read as those in memory" {
            let all = Array.init 60_000 (fun i -> if i % 1000 = 7 then nanf else float32 (sin (float i)))
            use file = ValueStore.Create(0L, all.Length)
            use memory = ValueStore.Create(4L * int64 all.Length, all.Length)
            Expect.equal (file.IsFile, memory.IsFile) (true, false) "where they are"

            // In another order than that of the numbers.
            for start in [ 40_000; 0; 20_000 ] do
                for store in [ file; memory ] do
                    store.Write(start, ReadOnlySpan(all, start, 20_000))

            let same (read: StoredValues -> 'a) what = Expect.equal (read file.Values) (read memory.Values) what
            let bits values = values |> Array.map BitConverter.SingleToInt32Bits
            Expect.equal (bits (numbers file.Values)) (bits all) "numbers"
            same StoredValues.length "length"
            same StoredValues.isComplete "missing values"
            same (StoredValues.slice 8 900 >> StoredValues.isComplete) "a part without"
            same (StoredValues.slice 1000 500 >> StoredValues.slice 8 30 >> numbers >> bits) "a part of a part"
            same (StoredValues.pick 3 [| 900; 0; 900; 19_999 |] >> numbers >> bits) "items"
            same (StoredValues.append (floats [| 2.0f |]) >> numbers >> bits) "joined"
            same StoredValues.isBinary "not binary"
            same (fun values -> Fingerprint.sha256 [| 3L |] 20_000 values ReadOnlyMemory.Empty) "hash"

            Expect.throwsT<ArgumentException>
                (fun () -> StoredValues.slice 59_990 11 file.Values |> ignore)
                "beyond the last"

            Expect.throwsT<ArgumentException>
                (fun () -> file.Write(59_999, ReadOnlySpan [| 1.0f; 2.0f |]))
                "written beyond the last"
        }

        test "data of a store is read as data in memory" {
            let all = Array.init 3000 (fun i -> if i % 100 = 7 then nanf else float32 i)
            use store = ValueStore.Create(0L, all.Length)
            store.Write(0, ReadOnlySpan all)
            let filed, held = Data.ofStore "rows" [| 3L |] store, Data.ofIncomplete "rows" [| 3L |] [||] all
            Expect.equal (Data.hash filed) (Data.hash held) "hash"

            for data in [ filed; held ] do
                Expect.equal (Data.item 500 data) [| 1500.0f; 1501.0f; 1502.0f |] "an item"
                use picked = Data.gather Placement.float32 [| 999; 1 |] data
                Expect.equal (Tensor.toArray picked) [| 2997.0; 2998.0; 2999.0; 3.0; 4.0; 5.0 |] "items of a batch"
                Expect.equal (Data.slice 100 50 data |> Data.item 0) [| 300.0f; 301.0f; 302.0f |] "a part"
        }

        test "binary values are 0 and 1 after division, not before" {
            let binary = [ bytes 1.0 [| 0uy; 1uy |]; bytes 255.0 [| 0uy; 255uy |]; floats [| 0.0f; 1.0f |] ]
            let other = [ bytes 255.0 [| 0uy; 1uy |]; bytes 255.5 [| 255uy |]; floats [| 0.5f |] ]

            for values in binary do
                Expect.isTrue (StoredValues.isBinary values) $"%A{values}"

            for values in other do
                Expect.isFalse (StoredValues.isBinary values) $"%A{values}"
        }
    ]
