// stdin: {"<url>": "<content-security-policy>"}. stdout: [{url, severity, rule, message}], Google's csp_evaluator.
import fs from 'node:fs';
import evaluator from 'csp_evaluator/dist/evaluator.js';
import parser from 'csp_evaluator/dist/parser.js';

const policies = JSON.parse(fs.readFileSync(0, 'utf8'));
const findings = [];
for (const [url, policy] of Object.entries(policies)) {
  for (const found of new evaluator.CspEvaluator(new parser.CspParser(policy).csp).evaluate()) {
    findings.push({
      url, severity: found.severity, rule: found.directive,
      message: `${found.value ?? ''} ${found.description}`.trim(),
    });
  }
}
process.stdout.write(JSON.stringify(findings));
