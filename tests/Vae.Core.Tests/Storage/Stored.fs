/// What the tests of storage share: folders, bits, and small models.
module Vae.Core.Tests.Storage.Stored

open System.IO
open Expecto
open FsCheck
open FsCheck.FSharp
open Vae.Core

/// A test in a folder of its own, which is gone afterwards.
let inFolder name (test: string -> unit) =
    testCase name (fun () ->
        let folder = Directory.CreateTempSubdirectory("vae-storage-").FullName

        try
            test folder
        finally
            Directory.Delete(folder, true))

/// The bytes of a tensor's numbers, row by row.
let bytes (t: Tensor) : byte[] =
    if t.numel () = 0L then
        [||]
    else
        use flat = t.detach().cpu().contiguous().flatten()
        flat.bytes.ToArray()

let sameBits what (expected: Params) (actual: Params) =
    Expect.equal
        (actual.Declared |> List.map (fun p -> p.Path, p.Shape, p.Trained))
        (expected.Declared |> List.map (fun p -> p.Path, p.Shape, p.Trained))
        $"%s{what}: what is declared"

    for p in expected.Declared do
        Expect.equal (bytes actual[p.Path]) (bytes expected[p.Path]) $"%s{what}: the bits of %s{p.Path}"

/// The error of something that is refused.
let refusalOf<'error, 'a when 'error :> exn> (act: unit -> 'a) : 'error =
    let error =
        try
            act () |> ignore
            None
        with :? 'error as error ->
            Some error

    Expect.wantSome error "a refusal"

/// The error of a file that cannot be taken.
let refusal act = refusalOf<StorageException, _> act

/// That a check throws nothing for any of so many generated values.
let always count (values: Gen<'a>) (check: 'a -> unit) =
    let config = Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess true
    Check.One(config, Prop.forAll (Arb.fromGen values) check)

let digits = Digits.draw (Key.ofSeed 3) 300

let dense () =
    Vae.create
        (Prior.gaussian [ [ 1.0; 0.4 ]; [ 0.4; 0.5 ] ])
        (Posterior.diagonalNormal (Net.denseEncoder [ 24 ]))
        (Likelihood.bernoulliCrossEntropy (Net.denseDecoder [ 24 ]))
