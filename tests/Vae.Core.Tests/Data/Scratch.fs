/// What the tests of the data chapter share.
module Vae.Core.Tests.Data.Scratch

open System
open System.IO
open Expecto

/// Runs a test in a folder of its own, which is deleted afterwards.
let inFolder (test: string -> unit) =
    let folder = Directory.CreateTempSubdirectory "vae-data-"

    try
        test folder.FullName
    finally
        folder.Delete true

/// That the action raises this exception, and that its message has all of these words.
let raises<'error when 'error :> exn> (words: string list) (action: unit -> unit) =
    let error =
        try
            action ()
            failtest $"nothing was raised; expected %s{typeof<'error>.Name}"
        with :? 'error as error ->
            error

    for word in words do
        Expect.stringContains error.Message word "the message"
