// Finishes the pages that fsdocs wrote: typesets their formulas, makes their links relative, so that the site works in any
// folder, and refuses a page that lacks a value, a formula or the target of a link.
// usage: node finish.mjs SITE
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import katex from "katex";

const site = process.argv[2];
const pages = readdirSync(site, { recursive: true }).filter((file) => file.endsWith(".html")).sort();
const faults = [];

const characters = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" };
const decode = (html) => html.replace(/&(lt|gt|quot|amp|#39);/g, (entity) => characters[entity]);

function typeset(page, tex, displayMode) {
    try {
        const html = katex.renderToString(decode(tex), { displayMode, throwOnError: true, strict: "error" });
        return displayMode ? `<span class="display">${html}</span>` : html;
    } catch (error) {
        faults.push(`${page}: ${error.message}`);
        return "";
    }
}

/** Plotly.NET names each chart by a new GUID: numbers make two builds of a page the same bytes. */
function nameCharts(html) {
    const guids = [...new Set([...html.matchAll(/<div id="([0-9a-f-]{36})">/g)].map((match) => match[1]))];
    return guids.reduce(
        (text, guid, i) => text.replaceAll(guid, `chart-${i + 1}`).replaceAll(guid.replaceAll("-", ""), `chart_${i + 1}`),
        html,
    );
}

/** fsdocs links what a public type holds to the pages of internal types, which there are none of. */
function unlinkInternal(html) {
    return html.replace(/<a href="@root@\/(reference\/[^"#]+\.html)[^"]*">(.*?)<\/a>/gs, (link, target, text) =>
        existsSync(join(site, target)) ? link : text,
    );
}

for (const page of pages) {
    const file = join(site, page);
    const root = relative(dirname(page), ".") || ".";
    const plotly = `<script src="@root@/content/plotly.min.js"></script>`;
    const source = readFileSync(file, "utf8");

    const html = unlinkInternal(nameCharts(source))
        .replace("<!-- scripts -->\n", source.includes("Plotly.newPlot") ? `${plotly}\n` : "")
        .replace(/<span class="math">\\\[(.*?)\\\]<\/span>/gs, (_, tex) => typeset(page, tex, true))
        .replace(/<span class="math">\\\((.*?)\\\)<\/span>/gs, (_, tex) => typeset(page, tex, false))
        .replaceAll("@root@", root);

    for (const trace of ["No value returned by any evaluator", 'class="math"', "{{"]) {
        if (html.includes(trace)) faults.push(`${page}: contains ${trace}`);
    }

    for (const [, target] of html.matchAll(/\b(?:href|src)="([^"#:]+)(?:#[^"]*)?"/g)) {
        if (!existsSync(join(site, dirname(page), target))) faults.push(`${page}: no file ${target}`);
    }

    writeFileSync(file, html);
}

faults.forEach((fault) => console.error(fault));
console.log(`${pages.length} pages, ${faults.length} faults`);
process.exitCode = faults.length > 0 || pages.length === 0 ? 1 : 0;
