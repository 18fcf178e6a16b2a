// What a dashboard's JSON may hold: Grafana's own types, and for each panel
// type those of its options and fields. Unknown keys are errors.
import type {
  AnnotationQuery, Dashboard, DashboardLink, DataSourceRef,
  DataTransformerConfig, FieldConfig, FieldConfigSource, GraphFieldConfig,
  Panel, RowPanel, TableFieldOptions, VariableModel,
} from '@grafana/schema';
import type { Options as BarGaugeOptions } from
  '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type { Options as StatOptions } from
  '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as TableOptions } from
  '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type { Options as TimeSeriesOptions } from
  '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

// JSON has words where the types have enums.
type Json<T> = T extends string ? `${T}`
  : T extends number | boolean | null | undefined ? T
  : T extends (infer U)[] ? Json<U>[]
  : T extends object ? { [K in keyof T]: Json<T[K]> } : T;

// Keys that are named; the `[x: string]: unknown` beside them falls away.
type Named<T> = {
  [K in keyof T as string extends K ? never : K]: T[K];
};

// The Prometheus data source keeps its types to itself.
interface Target {
  refId: string;
  expr: string;
  legendFormat: string;
  instant: boolean;
  range: boolean;
  format: 'time_series' | 'table';
  editorMode: 'code';
  datasource: DataSourceRef;
}

type Fields<Custom> = {
  defaults: Omit<Json<FieldConfig>, 'custom'> & { custom?: Json<Custom> };
  overrides: Json<FieldConfigSource['overrides']>;
};

type Drawn<Kind, Options, Custom> =
  Omit<Json<Named<Panel>>,
    'type' | 'options' | 'fieldConfig' | 'targets' | 'transformations'
    | 'links'> & {
    type: Kind;
    options: Json<Partial<Options>>;
    fieldConfig: Fields<Custom>;
    targets: Target[];
    transformations?: Json<DataTransformerConfig<object>>[];
    // Grafana itself writes no more than this for a panel's link.
    links: Pick<Json<DashboardLink>, 'title' | 'url' | 'targetBlank'>[];
  };

type Any =
  | Drawn<'stat', StatOptions, never>
  | Drawn<'bargauge', BarGaugeOptions, never>
  | Drawn<'timeseries', TimeSeriesOptions, GraphFieldConfig>
  | Drawn<'table', TableOptions, TableFieldOptions>;

type Row = Omit<Json<RowPanel>, 'panels'> & { type: 'row'; panels: Any[] };

// What the Prometheus data source adds to an annotation and to a variable.
type Annotation = Json<Named<AnnotationQuery>> & {
  expr?: string;
  step?: string;
  titleFormat?: string;
  textFormat?: string;
  tagKeys?: string;
};

// A variable whose value is not chosen yet has an empty `current`.
type Variable = Omit<Json<VariableModel>, 'current'> & {
  definition?: string;
  current: Partial<Json<NonNullable<VariableModel['current']>>>;
};

export type Board =
  Omit<Json<Dashboard>, 'panels' | 'annotations' | 'templating' | 'links'>
  & {
    panels: (Any | Row)[];
    annotations: { list: Annotation[] };
    templating: { list: Variable[] };
    links: Json<DashboardLink>[];
  };
