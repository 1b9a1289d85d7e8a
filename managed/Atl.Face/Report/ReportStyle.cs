namespace Atl.Face.Report;

/// <summary>The page's style sheet: light and dark by the reader's preference, no fonts or files from elsewhere.</summary>
internal static class ReportStyle
{
    // No child combinators and no '<': the text passes through an XML writer, and a browser does not unescape style sheets.
    public const string Css = """

        :root { --bg:#f6f7f9; --card:#ffffff; --ink:#1b2330; --soft:#5c6778; --rule:#e3e7ee; --c1:#2563eb; --c2:#e07a1f; --c3:#0d9488; --c4:#a855b5; color-scheme: light dark; }
        @media (prefers-color-scheme: dark) {
          :root { --bg:#12161d; --card:#1a202a; --ink:#e6eaf1; --soft:#97a3b6; --rule:#2b3442; --c1:#6ea0ff; --c2:#f2a35e; --c3:#3cc9b9; --c4:#d08be0; }
        }
        * { box-sizing: border-box; }
        body { margin:0; background:var(--bg); color:var(--ink); font:15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
        main { max-width: 1120px; margin: 0 auto; padding: 36px 24px 60px; }
        h1 { font-size: 27px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
        h2 { font-size: 18px; margin: 38px 0 12px; }
        h3 { font-size: 14px; margin: 0 0 8px; font-weight: 600; }
        .soft { color: var(--soft); }
        .subtitle { color: var(--soft); margin: 0 0 24px; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 14px; }
        .card { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 16px 18px; }
        .card .value { font-size: 27px; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.25; }
        .card .name { color: var(--soft); font-size: 13px; }
        .card .against { color: var(--soft); font-size: 13px; }
        .grid2 { display: grid; grid-template-columns: repeat(auto-fit, minmax(440px, 1fr)); gap: 14px; }
        svg { display: block; width: 100%; height: auto; }
        svg .grid { stroke: var(--rule); stroke-width: 1; }
        svg .tick { fill: var(--soft); font-size: 12px; }
        svg .label { fill: var(--soft); font-size: 12.5px; }
        svg .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
        svg .faint { stroke-width: 1; opacity: .28; }
        svg .key { stroke-width: 3; }
        svg .area { opacity: .2; }
        .s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); } .s3 { stroke: var(--c3); } .s4 { stroke: var(--c4); }
        .f1 { fill: var(--c1); } .f2 { fill: var(--c2); } .f3 { fill: var(--c3); } .f4 { fill: var(--c4); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: 7px 12px; border-bottom: 1px solid var(--rule); }
        th { color: var(--soft); font-weight: 500; font-size: 13px; }
        th:first-child, td:first-child { text-align: left; }
        tr:last-child td { border-bottom: 0; }
        .facts td { text-align: left; }
        .facts td:first-child { color: var(--soft); white-space: nowrap; width: 1%; }
        .faces { display: grid; grid-template-columns: minmax(0, 1fr); gap: 6px; }
        .row { display: flex; gap: 6px; }
        .row img { border-radius: 5px; flex: 1 1 0; min-width: 0; max-width: 112px; height: auto; }
        .pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); gap: 12px; }
        .pair { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 8px; }
        .pair img { width: 50%; height: auto; border-radius: 7px; display: inline-block; vertical-align: top; padding: 0 2px; }
        .pair div { font-size: 13px; color: var(--soft); margin-top: 4px; text-align: center; }
        .issues { border-left: 3px solid var(--c2); }
        footer { margin-top: 36px; color: var(--soft); font-size: 13px; }
        @media (max-width: 520px) { .grid2 { grid-template-columns: 1fr; } main { padding: 20px 12px; } }

        """;
}
