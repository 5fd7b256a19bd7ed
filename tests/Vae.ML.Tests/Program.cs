using Expecto.CSharp;
using TorchSharp;
using Vae.Testing;
using VaeFunctional.ML.Tests;

var tests = Runner.TestList(
    "Vae.ML",
    [SurfaceTests.Tests, PipelineTests.Tests, SchemaTests.Tests, RowTests.Tests, ColumnTests.Tests, TableTests.Tests]
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
