import { DEFAULT_TIME_ZONE, type CronJobSource } from '@millrace/eventing-api';

/** What the receive adapter of a CronJobSource is told besides its sink. */
export function cronAdapterArguments({ metadata, spec }: CronJobSource): string[] {
  const { namespace = '', name = '' } = metadata;
  const { schedule = '', timeZone = DEFAULT_TIME_ZONE, data = '' } = spec ?? {};
  return [
    `--namespace=${namespace}`,
    `--name=${name}`,
    `--schedule=${schedule}`,
    `--time-zone=${timeZone}`,
    `--data=${withoutReferences(data)}`,
  ];
}

/** In the arguments of a container `$(NAME)` stands for a variable and `$$` for a dollar (Kubernetes core/v1 Container.args). */
function withoutReferences(text: string): string {
  return text.replaceAll('$', '$$$$');
}
