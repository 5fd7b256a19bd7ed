/// Files that are nearly what they should be.
module Vae.Core.Tests.Fuzzing.Mutation

open System
open System.Security.Cryptography
open System.Text
open System.Text.RegularExpressions

/// Numbers that readers have stumbled on.
let private numbers = [|
    "-1"
    "0"
    "1"
    "2"
    "3"
    "43"
    "255"
    "65536"
    "1000000"
    "2147483647"
    "2147483648"
    "4294967296"
    "9007199254740993"
    "99999999999999999999"
    "0.5"
    "1e3"
    "1e308"
    "1e400"
    "-0"
    "NaN"
    "null"
    "true"
    "[]"
    "{}"
    "\"\""
    "\"\\ud800\""
|]

let private pick (random: Random) (items: 'a[]) = items[random.Next items.Length]

let private splice (at: int) (drop: int) (add: byte[]) (content: byte[]) =
    let at = min at content.Length
    Array.concat [ content[.. at - 1]; add; content[min content.Length (at + drop) ..] ]

let private someBytes (random: Random) (most: int) =
    let bytes = Array.zeroCreate<byte>(random.Next(most + 1))
    random.NextBytes bytes
    bytes

/// A number of a text becomes another. Bytes that are no text stay what they are.
let private otherNumber (random: Random) (content: byte[]) =
    let text = Encoding.Latin1.GetString content
    let found = Regex.Matches(text, "-?\\d+(\\.\\d+)?")

    if found.Count = 0 then
        content
    else
        let chosen = found[random.Next found.Count]
        let changed = text.Remove(chosen.Index, chosen.Length).Insert(chosen.Index, pick random numbers)
        Encoding.Latin1.GetBytes changed

/// A word of a text becomes another of its words.
let private otherWord (random: Random) (content: byte[]) =
    let text = Encoding.Latin1.GetString content
    let found = Regex.Matches(text, "[A-Za-z_]\\w+") |> Seq.toArray

    if found.Length = 0 then
        content
    else
        let chosen, other = pick random found, pick random found
        Encoding.Latin1.GetBytes(text.Remove(chosen.Index, chosen.Length).Insert(chosen.Index, other.Value))

/// A change of a file: bits, bytes put in, left out, repeated or cut off, a number or a word that becomes another.
let private once (random: Random) (content: byte[]) : byte[] =
    let at = random.Next(max 1 content.Length)

    match random.Next 9 with
    | 0 when content.Length > 0 ->
        let changed = Array.copy content
        changed[at] <- changed[at] ^^^ (1uy <<< random.Next 8)
        changed
    | 1 -> splice at 1 (someBytes random 1) content
    | 2 -> splice at (random.Next 9) (someBytes random 8) content
    | 3 -> content[.. at - 1]
    | 4 -> Array.append content (someBytes random 64)
    | 5 ->
        let size = random.Next(min 200 (content.Length - at + 1) + 1)
        splice (random.Next(content.Length + 1)) 0 content[at .. at + size - 1] content
    | 6 -> otherWord random content
    | _ -> otherNumber random content

/// One change or a few.
let mutate (random: Random) (content: byte[]) : byte[] =
    (content, seq { 0 .. random.Next 3 }) ||> Seq.fold (fun content _ -> once random content)

/// A change within the header of a safetensors file, whose length and checksum are then put right: without that nearly all
/// changes would be refused for these alone.
let mutateHeader (random: Random) (content: byte[]) : byte[] =
    let size = int (BitConverter.ToInt64(content, 0))
    let header = mutate random content[8 .. 8 + size - 1]
    let changed = Array.concat [ BitConverter.GetBytes(int64 header.Length); header; content[8 + size ..] ]
    let stated = Regex.Match(Encoding.Latin1.GetString changed, "\"sha256\":\"([0-9a-f]{64})\"")

    if stated.Success then
        let place = stated.Groups[1].Index
        Encoding.ASCII.GetBytes(String('0', 64)).CopyTo(changed, place)
        let hash = Convert.ToHexStringLower(SHA256.HashData changed)
        Encoding.ASCII.GetBytes(hash).CopyTo(changed, place)

    changed
