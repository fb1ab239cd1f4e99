// stdin: {"<url>": "<html>"}; argument: schema.org's vocabulary, gzipped. stdout: [{url, severity, rule, message}]
// and, per url, the types that were found, so that a page without any structured data cannot pass by accident.
import fs from 'node:fs';
import zlib from 'node:zlib';
import validator from '@adobe/structured-data-validator';
import extractor from '@marbec/web-auto-extractor';

const Validator = validator.default || validator;
const Extractor = extractor.default || extractor;
const vocabulary = JSON.parse(zlib.gunzipSync(fs.readFileSync(process.argv[2])));
const pages = JSON.parse(fs.readFileSync(0, 'utf8'));
const findings = [];
const types = {};
for (const [url, html] of Object.entries(pages)) {
  const data = new Extractor({ addLocation: true, embedSource: ['rdfa', 'microdata'] }).parse(html);
  types[url] = Object.keys(data.jsonld || {});
  const issues = await new Validator(vocabulary).validate(data);
  for (const error of data.errors || []) {
    findings.push({ url, severity: 'ERROR', rule: 'parse', message: error.message || String(error) });
  }
  for (const issue of issues) {
    const path = issue.path.map((step) => step.type || step.property).filter(Boolean).join('.');
    findings.push({
      url, severity: issue.severity, rule: issue.rootType || 'structured data',
      message: `${path}: ${issue.issueMessage} ${(issue.fieldNames || []).join(' ')}`.trim(),
    });
  }
}
process.stdout.write(JSON.stringify({ findings, types }));
