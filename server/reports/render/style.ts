/** The styles of reports as web pages and on paper. Used by `html.ts` alone; holds nothing of anybody. */
export const style = `
*{box-sizing:border-box}
body{font:16px/1.5 "Noto Sans",system-ui,sans-serif;color:#17222b;background:#fff;margin:0}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.3rem;line-height:1.25;margin:2.5rem 0 .5rem;padding-top:.5rem;border-top:2px solid #0a5a73}
nav h2{border:0;font-size:1rem;margin:1rem 0 0}
h3{font-size:1rem;margin:0 0 .5rem}
p,figcaption,.notes{max-width:46rem}
a{color:#0a5a73}
.lead{color:#445360;margin:0 0 1rem}
.notes{color:#445360;font-size:.9rem;padding-left:1.2rem;overflow-wrap:anywhere}
figure{margin:1.25rem 0;break-inside:avoid}
figcaption{margin-bottom:.5rem}
img{max-width:100%;height:auto}
.table{overflow-x:auto;margin:1.25rem 0 .5rem}
.table:focus-visible{outline:3px solid #0a5a73;outline-offset:2px}
table{border-collapse:collapse;font-size:.875rem;width:100%}
caption{text-align:left;font-weight:600;font-size:1rem;padding:.25rem 0}
th,td{border-bottom:1px solid #c9d3d8;padding:.35rem .5rem;text-align:left;vertical-align:top}
thead th{background:#eef2f4;border-bottom:2px solid #17222b;vertical-align:bottom}
tbody th{font-weight:400;min-width:7rem}
.number{text-align:right;font-variant-numeric:tabular-nums}
.box{border:1px solid #445360;border-radius:.25rem;padding:.5rem .75rem;background:#fff;position:relative;break-inside:avoid}
.box-title{font-weight:600;margin:0}
.box dl{margin:.25rem 0 0}
.box dl div{display:flex;flex-wrap:wrap;gap:0 .5rem;justify-content:space-between}
.box dt{margin:0}
.box dd{margin:0;font-variant-numeric:tabular-nums}
.arms{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(19rem,100%),1fr));gap:1rem;margin-top:1.5rem}
.arm{display:flex;flex-direction:column;gap:1.25rem}
.arm h3{margin:0}
.arm .box+.box::before{content:"";position:absolute;left:50%;top:-1.25rem;height:1.25rem;border-left:2px solid #445360}
@page{size:A4;margin:18mm 15mm}
@page across{size:A4 landscape;margin:14mm}
@media print{
body{font-size:10.5pt}
main{max-width:none;padding:0}
.table{overflow:visible}
table{font-size:8.5pt}
thead{display:table-header-group}
tr{break-inside:avoid}
h2,h3,caption,figcaption{break-after:avoid}
.wide{page:across}
.wide table{font-size:7.5pt}
.wide th,.wide td{padding:.2rem .25rem}
.arms{grid-template-columns:repeat(2,1fr)}
.arm{gap:.8rem}
.arm .box+.box::before{top:-.8rem;height:.8rem}
.box{padding:.25rem .5rem}
nav{break-after:page}
.flow{break-inside:auto}
.flow h3,.box-title{break-after:avoid}
}
`;
