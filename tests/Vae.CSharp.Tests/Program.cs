using System;
using Expecto.CSharp;
using TorchSharp;
using Vae.Testing;
using VaeFunctional;
using VaeFunctional.Tests;

NativeLibraries.Load();

var tests = Runner.TestList(
    "Vae.CSharp",
    [
        PublicSurfaceTests.Tests,
        CoverageTests.Tests,
        KeyTests.Tests,
        DiffTests.Tests,
        DistributionTests.Tests,
        KindTests.Tests,
        KnownLawTests.Tests,
        PathTests.Tests,
        CombinatorTests.Tests,
        TransformTests.Tests,
        KlTests.Tests,
        DiscrepancyTests.Tests,
        NetTests.Tests,
        DataSetTests.Tests,
        ScheduleTests.Tests,
        OptimizerTests.Tests,
        StepTests.Tests,
        TrainingLogTests.Tests,
        RanksTests.Tests,
        ArgumentTests.Tests,
        VaeModelTests.Tests,
        PartsTests.Tests,
        SitesTests.Tests,
        MissingTests.Tests,
        TableTests.Tests,
        ObjectiveTests.Tests,
        FitTests.Tests,
        StorageTests.Tests,
        EarlyStoppingTests.Tests,
    ]
);

// The tests run side by side: one thread of torch each.
global::Vae.Core.Native.load();
torch.set_num_threads(1);

return TestingPlatform.isRequested(args)
    ? TestingPlatform.run(
        Microsoft.FSharp.Core.FuncConvert.FromAction<Microsoft.Testing.Platform.Builder.ITestApplicationBuilder>(_ =>
        { }),
        args,
        tests
    )
    : Runner.RunTestsWithCLIArgs([], args, tests);
