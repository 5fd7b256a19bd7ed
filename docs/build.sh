#!/usr/bin/env bash
# Builds the documentation site into output/, from an evaluated page for each .fsx here and the reference of Vae.Core
# and Vae.Tables.
# Fails on a page whose code fails, a missing page, a missing value, a formula that cannot be typeset, and a dead link.
# Needs the .NET SDK and Node.js.
set -euo pipefail
cd "$(dirname "$0")/.."

npm ci --prefix docs/.site --no-audit --no-fund --loglevel error
dotnet tool restore
dotnet build -c Release src/Vae.Testing
dotnet build -c Release src/Vae.Tables

# The table of divergences names the test of each rule.
dotnet build -c Release tests/Vae.Core.Tests
mkdir -p obj/docs
tests/Vae.Core.Tests/bin/Release/net10.0/Vae.Core.Tests --list-tests > obj/docs/tests.txt

# fsdocs leaves out what fails while a page is evaluated, and succeeds all the same. Pages beside one another have a thread each: two that
# share two processors wait for one another.
printf '%s\0' docs/*.fsx | xargs -0 -n 1 -P "$(nproc)" sh -c 'OMP_NUM_THREADS=1 dotnet fsi "$0" > /dev/null || { echo "$0 fails" >&2; exit 255; }'

dotnet fsdocs build --eval --clean --strict --projects src/Vae.Core/Vae.Core.fsproj src/Vae.Tables/Vae.Tables.fsproj \
    --properties Configuration=Release --parameters root @root@/

# What fsdocs adds and the pages do not use.
rm -rf output/{NuGet.config,index.json,llms*.txt,build.sh} output/content/img
find output \( -name '*.md' -o -name 'fsdocs-*' ! -name 'fsdocs-tips.js' \) -delete

mkdir -p output/content/katex/fonts
cp docs/.site/node_modules/katex/dist/katex.min.css output/content/katex/
cp docs/.site/node_modules/katex/dist/fonts/*.woff2 output/content/katex/fonts/
dotnet fsi docs/.site/plotly.fsx output/content/plotly.min.js

for source in docs/*.fsx docs/*.md; do
    page=output/$(basename "${source%.*}").html
    [ -s "$page" ] || { echo "no page $page for $source" >&2; exit 1; }
done

node docs/.site/finish.mjs output
