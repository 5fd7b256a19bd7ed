module Vae.Plots.Tests.Program

open Expecto
open Vae.Testing

let tests =
    testList "Vae.Plots" [
        PngTests.tests
        MosaicTests.tests
        PaletteTests.tests
        EllipseTests.tests
        PanelTests.tests
        SvgTests.tests
        PlotlyJsonTests.tests
        FilesTests.tests
        FigureTests.tests
        FiguresTests.tests
        TableFiguresTests.tests
        HtmlTests.tests
        ReportTests.tests
        PublicSurfaceTests.tests
    ]

[<EntryPoint>]
let main argv =
    if TestingPlatform.isRequested argv then
        TestingPlatform.run ignore argv tests
    else
        runTestsWithCLIArgs [] argv tests
