export interface KubeconfigParts {
  readonly server: string;
  readonly caFile: string;
  readonly user: string;
  readonly token: string;
  /** Default: none, as in most kubeconfigs; clients then take `default`. */
  readonly namespace?: string;
}

/** The text of a kubeconfig with one context, `plumbline`. */
export function kubeconfigText({ server, caFile, user, token, namespace }: KubeconfigParts): string {
  return `apiVersion: v1
kind: Config
current-context: plumbline
contexts:
  - name: plumbline
    context:
      cluster: plumbline
      user: ${JSON.stringify(user)}${namespace === undefined ? "" : `\n      namespace: ${JSON.stringify(namespace)}`}
clusters:
  - name: plumbline
    cluster:
      server: ${JSON.stringify(server)}
      certificate-authority: ${JSON.stringify(caFile)}
users:
  - name: ${JSON.stringify(user)}
    user:
      token: ${JSON.stringify(token)}
`;
}
