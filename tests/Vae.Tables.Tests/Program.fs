module Vae.Tables.Tests.Program

open Expecto
open Vae.Testing

let tests =
    testList "Vae.Tables" [
        CsvTests.tests
        NpyTests.tests
        ParquetTests.tests
        ArrowTests.tests
        InferenceTests.tests
        SchemaTests.tests
        TableTests.tests
        RecordsTests.tests
        EncodingTests.tests
        TableRunTests.tests
        FidelityTests.tests
        TableRowsTests.tests
        RowByRowTests.tests
    ]

[<EntryPoint>]
let main argv =
    if TestingPlatform.isRequested argv then
        TestingPlatform.run ignore argv tests
    else
        runTestsWithCLIArgs [] argv tests
