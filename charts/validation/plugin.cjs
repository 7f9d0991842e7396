// The command line of cdk8s loads validations as CommonJS; what they check is in TypeScript beside this file.

/** Refuses manifests that Kubernetes or the platform's own rules would not accept. */
exports.ManifestValidation = class ManifestValidation {
  /** @param {import('cdk8s-cli/plugins').ValidationContext} context */
  async validate(context) {
    const { tsImport } = await import('tsx/esm/api');
    const { findingsOf } = await tsImport('./validate.ts', __filename);
    const files = new Map();
    for (const file of context.manifests) {
      for (const object of context.parseManifest(file)) files.set(object, file);
    }
    const findings = findingsOf([...files.keys()]);
    for (const { rule, reason, object, problem } of findings) {
      context.report.addViolation({
        ruleName: rule,
        recommendation: problem,
        fix: reason,
        violatingResources: [
          {
            resourceName: `${object.kind}/${object.metadata.name}`,
            manifestPath: files.get(object),
            locations: [],
          },
        ],
      });
    }
    context.report.submit(findings.length === 0 ? 'success' : 'failure', { objects: String(files.size) });
  }
};
