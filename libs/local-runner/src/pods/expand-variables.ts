/**
 * What a container's argument or variable says once `$(NAME)` is replaced by the variable of that name. One that is not known stays as it is, and `$$` is a
 * dollar that begins nothing (Kubernetes core/v1 `Container.args`).
 */
export function expandVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([^()]*)\)/g, (reference, name: string | undefined) => {
    if (name === undefined) return '$';
    return Object.hasOwn(variables, name) ? (variables[name] as string) : reference;
  });
}
