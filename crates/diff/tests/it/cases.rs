//! Edits of the document, and the changes that follow: every kind is tripped here.

use seedance_diff::ChangeKind;

/// Texts of the document, and what stands there instead.
pub type Edits = &'static [(&'static str, &'static str)];

/// A change: its kind, where in a body, and what it concerns.
type Expected = (ChangeKind, &'static str, &'static str);

pub struct Case {
    pub old: Edits,
    pub new: Edits,
    /// From old to new.
    pub there: &'static [Expected],
    /// From new to old.
    pub back: &'static [Expected],
}

/// A case that begins with the document as it is.
const fn case(new: Edits, there: &'static [Expected], back: &'static [Expected]) -> Case {
    Case {
        old: &[],
        new,
        there,
        back,
    }
}

const EVERY: &str = "every task";

pub const CASES: &[Case] = &[
    case(
        &[(
            "  /v1/video/generations/{task_id}:",
            "  /v2/tasks/{task_id}:",
        )],
        &[(ChangeKind::OperationMoved, "", "")],
        &[(ChangeKind::OperationMoved, "", "")],
    ),
    case(
        &[(
            "        '401':\n",
            "        '203':\n          description: From a cache.\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/TaskQueryResponse'\n        '401':\n",
        )],
        &[(ChangeKind::SuccessStatusAdded, "", "")],
        &[(ChangeKind::SuccessStatusRemoved, "", "")],
    ),
    case(
        &[("        '404':\n", "        '429':\n")],
        &[
            (ChangeKind::HttpStatusAdded, "", ""),
            (ChangeKind::HttpStatusRemoved, "", ""),
        ],
        &[
            (ChangeKind::HttpStatusAdded, "", ""),
            (ChangeKind::HttpStatusRemoved, "", ""),
        ],
    ),
    case(
        &[(
            "  - url: https://ai.alad.com\n    description: A white label of the same API.\n",
            "",
        )],
        &[(ChangeKind::ServerRemoved, "", "")],
        &[(ChangeKind::ServerAdded, "", "")],
    ),
    case(
        &[("x-poll-interval-seconds: 15", "x-poll-interval-seconds: 5")],
        &[(ChangeKind::PollIntervalChanged, "", "")],
        &[(ChangeKind::PollIntervalChanged, "", "")],
    ),
    case(
        &[
            (
                "          FAILURE: '#/components/schemas/FailedTask'\n",
                "          FAILURE: '#/components/schemas/FailedTask'\n          CANCELLED: '#/components/schemas/FailedTask'\n",
            ),
            ("enum: [FAILURE]\n", "enum: [FAILURE, CANCELLED]\n"),
        ],
        &[(ChangeKind::StatusAdded, "/data/status", "failure")],
        &[(ChangeKind::StatusRemoved, "/data/status", "failure")],
    ),
    case(
        &[
            (
                "          QUEUED: '#/components/schemas/PendingTask'\n",
                "          QUEUED: '#/components/schemas/FailedTask'\n",
            ),
            (
                "[NOT_START, QUEUED, IN_PROGRESS]",
                "[NOT_START, IN_PROGRESS]",
            ),
            ("enum: [FAILURE]\n", "enum: [FAILURE, QUEUED]\n"),
        ],
        &[(ChangeKind::StatusMoved, "/data/status", "pending, failure")],
        &[(ChangeKind::StatusMoved, "/data/status", "pending, failure")],
    ),
    case(
        &[
            ("        - $ref: '#/components/schemas/FailedTask'\n", ""),
            ("          FAILURE: '#/components/schemas/FailedTask'\n", ""),
            (
                "        FAILURE: [failed, fail, expired, cancelled, canceled, timeout, timed_out, timedout, rejected, aborted]\n",
                "",
            ),
            (
                "                failure:\n                  $ref: '#/components/examples/Failure'\n",
                "",
            ),
            (
                "    Failure:\n      summary: A failed task\n      value:\n        code: success\n        message: ''\n        data:\n          task_id: asyntask_Zk3nF64vBtQs8XwP1jRcGy5LdA9oEm7H\n          action: referenceGenerate\n          status: FAILURE\n          fail_reason: The output video was rejected by the content policy.\n          submit_time: 1780000500\n          start_time: 1780000502\n          finish_time: 1780000641\n          progress: 100%\n          request_id: 20260528203500317000000qRsTuVwX\n          data:\n            id: cgt-20260529043501-w5c9r\n            model: doubao-seedance-2-0-260128\n            status: failed\n            error:\n              code: OutputVideoSensitiveContentDetected.PolicyViolation\n              message: The output video was rejected by the content policy.\n            created_at: 1780000501\n            updated_at: 1780000638\n            service_tier: default\n            draft: false\n",
                "",
            ),
        ],
        &[
            (ChangeKind::ShapeRemoved, "/data", "failure"),
            (ChangeKind::StatusRemoved, "/data/status", "failure"),
        ],
        &[
            (ChangeKind::ShapeAdded, "/data", "failure"),
            (ChangeKind::StatusAdded, "/data/status", "failure"),
        ],
    ),
    case(
        &[("          - /data/usage/super_resolution_tokens\n", "")],
        &[(
            ChangeKind::ShapeConditionChanged,
            "/data",
            "super_resolution",
        )],
        &[(
            ChangeKind::ShapeConditionChanged,
            "/data",
            "super_resolution",
        )],
    ),
    case(
        &[
            ("        - $ref: '#/components/schemas/ObjectError'\n", ""),
            (
                "              examples:\n                objectError:\n                  $ref: '#/components/examples/ObjectError'\n",
                "",
            ),
            (
                "    ObjectError:\n      summary: The envelope with an error object\n      value:\n        error:\n          code: invalid_api_key\n          message: The API key is not valid.\n          type: authentication_error\n",
                "",
            ),
        ],
        &[(ChangeKind::VariantRemoved, "", "error")],
        &[(ChangeKind::VariantAdded, "", "error")],
    ),
    case(
        &[
            ("        - $ref: '#/components/schemas/TextError'\n", ""),
            (
                "              examples:\n                textError:\n                  $ref: '#/components/examples/TextError'\n",
                "",
            ),
            (
                "    TextError:\n      summary: Neither envelope, but a proxy's page\n      x-source: observed\n      value: <html><head><title>502 Bad Gateway</title></head></html>\n",
                "",
            ),
        ],
        &[(ChangeKind::TypeNarrowed, "", "error")],
        &[(ChangeKind::TypeWidened, "", "error")],
    ),
    case(
        &[(
            "        param:\n          type: string\n          nullable: true\n          description: The request parameter at fault.\n",
            "",
        )],
        &[(ChangeKind::FieldRemoved, "/error/param", "error")],
        &[(ChangeKind::FieldAdded, "/error/param", "error")],
    ),
    case(
        &[(
            "        output_format:\n",
            "        camera_fixed:\n          type: boolean\n        output_format:\n",
        )],
        &[(ChangeKind::FieldAdded, "/data/data/camera_fixed", EVERY)],
        &[(ChangeKind::FieldRemoved, "/data/data/camera_fixed", EVERY)],
    ),
    case(
        &[
            (
                "      required: [error]\n",
                "      required: [error, kind]\n",
            ),
            (
                "        error:\n          $ref: '#/components/schemas/ErrorObject'\n",
                "        error:\n          $ref: '#/components/schemas/ErrorObject'\n        kind:\n          type: string\n",
            ),
            (
                "          type: authentication_error\n",
                "          type: authentication_error\n        kind: error\n",
            ),
        ],
        &[(ChangeKind::RequiredFieldAdded, "/kind", "error")],
        &[(ChangeKind::FieldRemoved, "/kind", "error")],
    ),
    case(
        &[(
            "      required: [task_id, status]\n",
            "      required: [task_id, status, request_id]\n",
        )],
        &[(ChangeKind::RequiredAdded, "/data/request_id", EVERY)],
        &[(ChangeKind::RequiredRemoved, "/data/request_id", EVERY)],
    ),
    case(
        &[(
            "x-presence: always\n          x-documented-pattern",
            "x-documented-pattern",
        )],
        &[(ChangeKind::PresenceRemoved, "/data/progress", EVERY)],
        &[(ChangeKind::PresenceAdded, "/data/progress", EVERY)],
    ),
    case(
        &[(
            "        output_format:\n          type: string\n",
            "        output_format:\n          type: boolean\n",
        )],
        &[(ChangeKind::TypeChanged, "/data/data/output_format", EVERY)],
        &[(ChangeKind::TypeChanged, "/data/data/output_format", EVERY)],
    ),
    case(
        &[(
            "        frames:\n          type: integer\n          format: int64\n",
            "        frames:\n          type: number\n",
        )],
        &[(ChangeKind::TypeWidened, "/data/data/frames", EVERY)],
        &[(ChangeKind::TypeNarrowed, "/data/data/frames", EVERY)],
    ),
    case(
        &[(
            "          items:\n            type: object\n            additionalProperties: true\n",
            "          items:\n            type: string\n",
        )],
        &[(ChangeKind::TypeChanged, "/data/data/tools/*", EVERY)],
        &[(ChangeKind::TypeChanged, "/data/data/tools/*", EVERY)],
    ),
    case(
        &[(
            "          items:\n            type: object\n            additionalProperties: true\n",
            "",
        )],
        &[(ChangeKind::TypeWidened, "/data/data/tools/*", EVERY)],
        &[(ChangeKind::TypeNarrowed, "/data/data/tools/*", EVERY)],
    ),
    case(
        &[(
            "            type: object\n            additionalProperties: true\n",
            "            type: object\n            required: [name]\n            properties:\n              name:\n                type: string\n",
        )],
        &[
            (ChangeKind::MembersClosed, "/data/data/tools/*", EVERY),
            (
                ChangeKind::RequiredFieldAdded,
                "/data/data/tools/*/name",
                EVERY,
            ),
        ],
        &[
            (ChangeKind::MembersOpened, "/data/data/tools/*", EVERY),
            (ChangeKind::FieldRemoved, "/data/data/tools/*/name", EVERY),
        ],
    ),
    case(
        &[(
            "        output_format:\n          type: string\n",
            "        output_format:\n          type: string\n          nullable: true\n",
        )],
        &[(ChangeKind::NullAdded, "/data/data/output_format", EVERY)],
        &[(ChangeKind::NullRemoved, "/data/data/output_format", EVERY)],
    ),
    case(
        &[(
            "x-extensible-enum: [default, flex]",
            "enum: [default, flex]",
        )],
        &[(ChangeKind::ValuesClosed, "/data/data/service_tier", EVERY)],
        &[(ChangeKind::ValuesOpened, "/data/data/service_tier", EVERY)],
    ),
    Case {
        old: &[(
            "x-extensible-enum: [default, flex]",
            "enum: [default, flex]",
        )],
        new: &[("x-extensible-enum: [default, flex]", "enum: [default]")],
        there: &[(ChangeKind::ValuesNarrowed, "/data/data/service_tier", EVERY)],
        back: &[(ChangeKind::ValuesWidened, "/data/data/service_tier", EVERY)],
    },
    case(
        &[("minLength: 1", "minLength: 8")],
        &[
            (ChangeKind::MinLengthRaised, "/data/task_id", EVERY),
            (ChangeKind::MinLengthRaised, "", ""), // the parameter
        ],
        &[
            (ChangeKind::MinLengthLowered, "/data/task_id", EVERY),
            (ChangeKind::MinLengthLowered, "", ""),
        ],
    ),
    case(
        &[(
            "        - type: integer\n          format: int64\n          x-source: observed\n",
            "        - type: integer\n          format: int64\n",
        )],
        &[
            (ChangeKind::DocumentedTypesChanged, "/code", "error"),
            (ChangeKind::DocumentedTypesChanged, "/error/code", "error"),
        ],
        &[
            (ChangeKind::DocumentedTypesChanged, "/code", "error"),
            (ChangeKind::DocumentedTypesChanged, "/error/code", "error"),
        ],
    ),
    case(
        &[(
            "x-extensible-enum: [success]",
            "x-extensible-enum: [success, ok]",
        )],
        &[(ChangeKind::OpenValuesAdded, "/code", EVERY)],
        &[(ChangeKind::OpenValuesRemoved, "/code", EVERY)],
    ),
    case(
        &[("          x-extensible-enum: [720p, 1080p, 2k]\n", "")],
        &[(
            ChangeKind::OpenSetRemoved,
            "/data/data/super_resolution",
            "super_resolution",
        )],
        &[(
            ChangeKind::OpenSetAdded,
            "/data/data/super_resolution",
            "super_resolution",
        )],
    ),
    case(
        &[("'^(100|[1-9]?[0-9])%$'", "'^[0-9]+%$'")],
        &[(ChangeKind::PatternChanged, "/data/progress", EVERY)],
        &[(ChangeKind::PatternChanged, "/data/progress", EVERY)],
    ),
    case(
        &[(
            "      description: The upstream's reason for a failure.\n",
            "      description: The upstream's reason for a failure.\n      additionalProperties: true\n",
        )],
        &[(ChangeKind::MembersOpened, "/data/data/error", EVERY)],
        &[(ChangeKind::MembersClosed, "/data/data/error", EVERY)],
    ),
    case(
        &[
            (
                "x-presence: always\n          x-valid-for-seconds: 86400",
                "x-presence: always\n          x-valid-for-seconds: 3600",
            ),
            (
                "can be downloaded.\n          x-valid-for-seconds: 86400",
                "can be downloaded.\n          x-valid-for-seconds: 3600",
            ),
        ],
        &[
            (
                ChangeKind::ValidForChanged,
                "/data/result_url",
                "normal, super_resolution",
            ),
            (
                ChangeKind::ValidForChanged,
                "/data/original_result_url",
                "super_resolution",
            ),
        ],
        &[
            (
                ChangeKind::ValidForChanged,
                "/data/result_url",
                "normal, super_resolution",
            ),
            (
                ChangeKind::ValidForChanged,
                "/data/original_result_url",
                "super_resolution",
            ),
        ],
    ),
    // What the generator does not understand is compared all the same.
    case(
        &[(
            "  /v1/video/generations/{task_id}:",
            "  /v1/video/generations/{id}:",
        )],
        &[(ChangeKind::ParameterRenamed, "", "")],
        &[(ChangeKind::ParameterRenamed, "", "")],
    ),
    case(
        &[(
            "operationId: query_task",
            "operationId: getSeedanceTaskStatus",
        )],
        &[(ChangeKind::OperationIdChanged, "", "")],
        &[(ChangeKind::OperationIdChanged, "", "")],
    ),
    case(
        &[(
            "components:\n  securitySchemes:",
            "  /v1/orders:\n    post:\n      operationId: order\n      responses:\n        '200': {description: Taken.}\ncomponents:\n  securitySchemes:",
        )],
        &[(ChangeKind::OperationAdded, "", "")],
        &[(ChangeKind::OperationRemoved, "", "")],
    ),
    case(
        &[(
            "      responses:\n        '200':",
            "        - {name: format, in: query, schema: {type: string}}\n      responses:\n        '200':",
        )],
        &[(ChangeKind::ParameterAdded, "", "")],
        &[(ChangeKind::ParameterRemoved, "", "")],
    ),
    case(
        &[(
            "      responses:\n        '200':",
            "        - {name: format, in: query, required: true, schema: {type: string}}\n      responses:\n        '200':",
        )],
        &[(ChangeKind::RequiredParameterAdded, "", "")],
        &[(ChangeKind::ParameterRemoved, "", "")],
    ),
    Case {
        old: &[(
            "      responses:\n        '200':",
            "        - {name: format, in: query, schema: {type: string}}\n      responses:\n        '200':",
        )],
        new: &[(
            "      responses:\n        '200':",
            "        - {name: format, in: query, required: true, schema: {type: string}}\n      responses:\n        '200':",
        )],
        there: &[(ChangeKind::ParameterRequiredAdded, "", "")],
        back: &[(ChangeKind::ParameterRequiredRemoved, "", "")],
    },
    case(
        &[("      scheme: bearer\n", "      scheme: basic\n")],
        &[(ChangeKind::SecurityChanged, "", "")],
        &[(ChangeKind::SecurityChanged, "", "")],
    ),
    case(
        &[(
            "        '401':\n",
            "        '401':\n          headers: {X-Request-Id: {schema: {type: string}}}\n",
        )],
        &[(ChangeKind::HeaderAdded, "", "")],
        &[(ChangeKind::HeaderRemoved, "", "")],
    ),
    case(
        &[(
            "          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ErrorBody'\n              examples:\n                codeError:\n                  $ref: '#/components/examples/CodeError'\n",
            "",
        )],
        &[(ChangeKind::BodyRemoved, "", "")],
        &[(ChangeKind::BodyAdded, "", "")],
    ),
    case(
        &[("minLength: 1\n", "minLength: 1\n      maxLength: 64\n")],
        &[
            (ChangeKind::ConstraintAdded, "/data/task_id", EVERY),
            (ChangeKind::ConstraintAdded, "", ""),
        ],
        &[
            (ChangeKind::ConstraintRemoved, "/data/task_id", EVERY),
            (ChangeKind::ConstraintRemoved, "", ""),
        ],
    ),
    Case {
        old: &[(
            "          description: The random seed",
            "          minimum: 0\n          maximum: 9\n          description: The random seed",
        )],
        new: &[(
            "          description: The random seed",
            "          minimum: 1\n          maximum: 9\n          description: The random seed",
        )],
        there: &[(ChangeKind::ConstraintTightened, "/data/data/seed", EVERY)],
        back: &[(ChangeKind::ConstraintLoosened, "/data/data/seed", EVERY)],
    },
    Case {
        old: &[(
            "        output_format:\n          type: string\n",
            "        output_format:\n          type: string\n          pattern: '^a'\n",
        )],
        new: &[(
            "        output_format:\n          type: string\n",
            "        output_format:\n          type: string\n          pattern: '^b'\n",
        )],
        there: &[(
            ChangeKind::ConstraintChanged,
            "/data/data/output_format",
            EVERY,
        )],
        back: &[(
            ChangeKind::ConstraintChanged,
            "/data/data/output_format",
            EVERY,
        )],
    },
    case(
        &[(
            "        priority:\n          type: integer\n          format: int64\n",
            "        priority:\n          type: integer\n          format: int32\n",
        )],
        &[(
            ChangeKind::ConstraintTightened,
            "/data/data/priority",
            EVERY,
        )],
        &[(ChangeKind::ConstraintLoosened, "/data/data/priority", EVERY)],
    ),
    case(
        &[(
            "        output_format:\n          type: string\n",
            "        output_format:\n          type: string\n          format: uri\n",
        )],
        &[(ChangeKind::FormatChanged, "/data/data/output_format", EVERY)],
        &[(ChangeKind::FormatChanged, "/data/data/output_format", EVERY)],
    ),
    case(
        &[(
            "        output_format:\n          type: string\n",
            "        output_format:\n          type: string\n          default: mp4\n",
        )],
        &[(
            ChangeKind::DefaultChanged,
            "/data/data/output_format",
            EVERY,
        )],
        &[(
            ChangeKind::DefaultChanged,
            "/data/data/output_format",
            EVERY,
        )],
    ),
    case(
        &[(
            "        output_format:\n          type: string\n",
            "        output_format:\n          deprecated: true\n          type: string\n",
        )],
        &[(
            ChangeKind::DeprecatedAdded,
            "/data/data/output_format",
            EVERY,
        )],
        &[(
            ChangeKind::DeprecatedRemoved,
            "/data/data/output_format",
            EVERY,
        )],
    ),
    case(
        &[(
            "        output_format:\n",
            "        mood:\n          type: string\n          x-source: observed\n        output_format:\n",
        )],
        &[(ChangeKind::ObservedFieldAdded, "/data/data/mood", EVERY)],
        &[(ChangeKind::ObservedFieldRemoved, "/data/data/mood", EVERY)],
    ),
    case(
        &[("IN_PROGRESS: [processing, ", "IN_PROGRESS: [")],
        &[(ChangeKind::StatusWordsChanged, "/data/status", EVERY)],
        &[(ChangeKind::StatusWordsChanged, "/data/status", EVERY)],
    ),
    case(
        &[("x-outcome: pending", "x-outcome: failed")],
        &[(ChangeKind::OutcomeChanged, "/data", "pending")],
        &[(ChangeKind::OutcomeChanged, "/data", "pending")],
    ),
];
