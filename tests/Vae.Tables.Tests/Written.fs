/// Files that tests write and read.
module Vae.Tables.Tests.Written

open System
open System.IO
open System.Text
open Expecto
open Vae.Tables

/// A test with a folder of its own.
let inFolder name (test: string -> unit) =
    testCase name (fun () ->
        let folder = Directory.CreateTempSubdirectory("vae-tables").FullName

        try
            test folder
        finally
            Directory.Delete(folder, true))

/// Bytes as a file of a folder.
let bytes (folder: string) (name: string) (content: byte[]) : string =
    let path = Path.Combine(folder, name)
    File.WriteAllBytes(path, content)
    path

/// A text as a file, in UTF-8.
let file folder name (text: string) : string = bytes folder name (UTF8Encoding(false).GetBytes text)

/// Rows as a file below a line of names.
let rows folder (names: string) (rows: string seq) : string =
    file folder "table.csv" (names + "\n" + String.concat "\n" rows + "\n")

/// What is refused says these words.
let refused (words: string list) (act: unit -> 'a) =
    let error =
        try
            act () |> ignore
            failtest "nothing was refused"
        with
        | :? TableException as error -> error.Message
        | :? ArgumentException as error -> error.Message

    for word in words do
        Expect.stringContains error word "said"
