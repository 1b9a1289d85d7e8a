namespace Atl.Face.Report;

/// <summary>The page's style sheet: light and dark by the reader's preference, no fonts or files from
/// elsewhere.</summary>
internal static class ReportStyle
{
    // No child combinators and no '<': the text passes through an XML writer, and a browser does not unescape style
    // sheets. Colors of text have a contrast of at least 4.5 : 1 with what they stand on, those of lines and marks of
    // at least 3 : 1.
    public const string Css = """

        :root {
          --bg:#f6f7f9; --card:#ffffff; --ink:#1b2330; --soft:#566173; --rule:#e1e5ec; --faint:#f0f2f6;
          --c1:#2563eb; --c2:#c2570c; --c3:#0d8577; --c4:#9333ad; --c5:#d01f3c; --c6:#697a00; --c7:#7c4a21; --c8:#4b5563;
          color-scheme: light dark;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --bg:#12161d; --card:#1a202a; --ink:#e6eaf1; --soft:#a1acbd; --rule:#2f3847; --faint:#232a36;
            --c1:#6ea0ff; --c2:#f2a35e; --c3:#3cc9b9; --c4:#d08be0; --c5:#ff8292; --c6:#c5d14c; --c7:#d0a27a; --c8:#aab4c3;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin:0; background:var(--bg); color:var(--ink);
          font:15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
        }
        main { max-width: 1120px; margin: 0 auto; padding: 36px 24px 60px; }
        h1 { font-size: 27px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
        h2 { font-size: 19px; margin: 40px 0 12px; }
        h3 { font-size: 15px; margin: 0 0 8px; font-weight: 600; overflow-wrap: anywhere; }
        h3.protocol { font-size: 17px; margin: 34px 0 12px; }
        h4 { font-size: 14px; margin: 14px 0 8px; font-weight: 600; }
        .soft { color: var(--soft); margin: 8px 0; overflow-wrap: anywhere; }
        .subtitle { color: var(--soft); margin: 0 0 24px; }
        code {
          font: 13px ui-monospace, "DejaVu Sans Mono", monospace; background: var(--faint); border-radius: 4px; padding: 1px 4px; overflow-wrap: anywhere;
        }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 14px; margin-bottom: 14px; }
        .card { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 16px 18px; min-width: 0; }
        .card + .card, .card + .grid2, .grid2 + .card { margin-top: 14px; }
        .cards .card + .card, .grid2 .card + .card { margin-top: 0; }
        .card .value { font-size: 23px; white-space: nowrap; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.25; }
        .card .name, .card .against { color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
        .grid2 { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 14px; }
        .one { margin-top: 30px; }
        .one .card { margin-top: 14px; }
        .one .grid2 .card { margin-top: 0; }
        svg { display: block; width: 100%; height: auto; }
        svg.narrow { display: none; }
        svg .grid { stroke: var(--rule); stroke-width: 1; }
        svg .minor { opacity: .5; }
        svg .tick { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
        svg .label { fill: var(--soft); font-size: 13px; }
        svg .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        svg .faint { stroke-width: 1; opacity: .35; }
        svg .area { opacity: .18; }
        svg .mark { opacity: .85; }
        svg .d1 { stroke-dasharray: 7 5; } svg .d2 { stroke-dasharray: 1.5 5; } svg .d3 { stroke-dasharray: 10 5 1.5 5; }
        .s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); } .s3 { stroke: var(--c3); } .s4 { stroke: var(--c4); }
        .s5 { stroke: var(--c5); } .s6 { stroke: var(--c6); } .s7 { stroke: var(--c7); } .s8 { stroke: var(--c8); }
        .f1 { fill: var(--c1); } .f2 { fill: var(--c2); } .f3 { fill: var(--c3); } .f4 { fill: var(--c4); }
        .f5 { fill: var(--c5); } .f6 { fill: var(--c6); } .f7 { fill: var(--c7); } .f8 { fill: var(--c8); }
        .legend { display: flex; flex-wrap: wrap; gap: 2px 18px; list-style: none; margin: 0 0 6px; padding: 0; font-size: 13px; color: var(--soft); }
        .legend li { display: flex; align-items: center; gap: 7px; overflow-wrap: anywhere; }
        .legend svg.key { width: 28px; height: 14px; flex: none; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: 7px 12px; border-bottom: 1px solid var(--rule); vertical-align: top; }
        th { color: var(--soft); font-weight: 500; }
        thead th { font-size: 13px; }
        th:first-child { text-align: left; white-space: nowrap; }
        tbody tr:last-child th, tbody tr:last-child td { border-bottom: 0; }
        .number { font-weight: 600; }
        .number, .whole { white-space: nowrap; }
        .small { color: var(--soft); font-size: 12.5px; }
        .facts th { width: 1%; }
        .facts td { text-align: left; overflow-wrap: anywhere; }
        .faces { display: grid; grid-template-columns: minmax(0, 1fr); gap: 6px; }
        .row { display: flex; gap: 6px; }
        .row img { border-radius: 5px; flex: 1 1 0; min-width: 0; max-width: 112px; height: auto; }
        details { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 12px 18px; margin-top: 14px; }
        summary { font-weight: 600; cursor: pointer; }
        .pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 12px; }
        .pair { background: var(--faint); border-radius: 8px; padding: 8px; margin: 0; min-width: 0; }
        .pair .two { display: flex; gap: 4px; }
        .pair img { flex: 1 1 0; min-width: 0; width: 50%; height: auto; border-radius: 5px; object-fit: contain; }
        .pair .blank {
          flex: 1 1 0; min-height: 60px; display: flex; align-items: center; justify-content: center; text-align: center; font-size: 12px; color: var(--soft);
          border: 1px dashed var(--soft); border-radius: 5px;
        }
        .pair figcaption { font-size: 12.5px; color: var(--soft); margin-top: 4px; }
        .pair strong { display: block; color: var(--ink); font-variant-numeric: tabular-nums; }
        .pair .file { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .missing { border-style: dashed; border-color: var(--soft); }
        .issues { border-left: 3px solid var(--c2); }
        .card ul:not(.legend) { margin: 0; padding-left: 20px; }
        .card li + li { margin-top: 2px; }
        footer { margin-top: 36px; color: var(--soft); font-size: 13px; }
        @media (max-width: 760px) {
          main { padding: 20px 12px; }
          .card, details { padding: 12px; }
          svg.wide { display: none; } svg.narrow { display: block; }
          th, td { padding: 6px; }
        }
        @media print { body { background: #fff; } .card, details { break-inside: avoid; } }

        """;
}
