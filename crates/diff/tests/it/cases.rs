//! Edits of the document, and the changes that follow: every kind is tripped here.

use seedance_diff::Kind;

/// Texts of the document, and what stands there instead.
pub type Edits = &'static [(&'static str, &'static str)];

/// A change: its kind, where in a body, and what it concerns.
type Expected = (Kind, &'static str, &'static str);

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
        &[(Kind::OperationMoved, "", "")],
        &[(Kind::OperationMoved, "", "")],
    ),
    case(
        &[(
            "        '401':\n",
            "        '203':\n          description: From a cache.\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/TaskQueryResponse'\n        '401':\n",
        )],
        &[(Kind::SuccessStatusAdded, "", "")],
        &[(Kind::SuccessStatusRemoved, "", "")],
    ),
    case(
        &[("        '404':\n", "        '429':\n")],
        &[
            (Kind::HttpStatusAdded, "", ""),
            (Kind::HttpStatusRemoved, "", ""),
        ],
        &[
            (Kind::HttpStatusAdded, "", ""),
            (Kind::HttpStatusRemoved, "", ""),
        ],
    ),
    case(
        &[(
            "  - url: https://ai.alad.com\n    description: A white label of the same API.\n",
            "",
        )],
        &[(Kind::ServerRemoved, "", "")],
        &[(Kind::ServerAdded, "", "")],
    ),
    case(
        &[("x-poll-interval-seconds: 15", "x-poll-interval-seconds: 5")],
        &[(Kind::PollIntervalChanged, "", "")],
        &[(Kind::PollIntervalChanged, "", "")],
    ),
    case(
        &[
            (
                "          FAILURE: '#/components/schemas/FailedTask'\n",
                "          FAILURE: '#/components/schemas/FailedTask'\n          CANCELLED: '#/components/schemas/FailedTask'\n",
            ),
            ("enum: [FAILURE]\n", "enum: [FAILURE, CANCELLED]\n"),
        ],
        &[(Kind::StatusAdded, "/data/status", "failure")],
        &[(Kind::StatusRemoved, "/data/status", "failure")],
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
        &[(Kind::StatusMoved, "/data/status", "pending, failure")],
        &[(Kind::StatusMoved, "/data/status", "pending, failure")],
    ),
    case(
        &[
            ("        - $ref: '#/components/schemas/FailedTask'\n", ""),
            ("          FAILURE: '#/components/schemas/FailedTask'\n", ""),
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
            (Kind::ShapeRemoved, "/data", "failure"),
            (Kind::StatusRemoved, "/data/status", "failure"),
        ],
        &[
            (Kind::ShapeAdded, "/data", "failure"),
            (Kind::StatusAdded, "/data/status", "failure"),
        ],
    ),
    case(
        &[("          - /data/usage/super_resolution_tokens\n", "")],
        &[(Kind::ShapeConditionChanged, "/data", "super_resolution")],
        &[(Kind::ShapeConditionChanged, "/data", "super_resolution")],
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
        &[(Kind::VariantRemoved, "", "error")],
        &[(Kind::VariantAdded, "", "error")],
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
        &[(Kind::TypeNarrowed, "", "error")],
        &[(Kind::TypeWidened, "", "error")],
    ),
    case(
        &[(
            "        param:\n          type: string\n          nullable: true\n          description: The request parameter at fault.\n",
            "",
        )],
        &[(Kind::FieldRemoved, "/error/param", "error")],
        &[(Kind::FieldAdded, "/error/param", "error")],
    ),
    case(
        &[(
            "        output_format:\n",
            "        camera_fixed:\n          type: boolean\n        output_format:\n",
        )],
        &[(Kind::FieldAdded, "/data/data/camera_fixed", EVERY)],
        &[(Kind::FieldRemoved, "/data/data/camera_fixed", EVERY)],
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
        &[(Kind::RequiredFieldAdded, "/kind", "error")],
        &[(Kind::FieldRemoved, "/kind", "error")],
    ),
    case(
        &[(
            "      required: [task_id, status]\n",
            "      required: [task_id, status, request_id]\n",
        )],
        &[(Kind::RequiredAdded, "/data/request_id", EVERY)],
        &[(Kind::RequiredRemoved, "/data/request_id", EVERY)],
    ),
    case(
        &[(
            "x-presence: always\n          x-documented-pattern",
            "x-documented-pattern",
        )],
        &[(Kind::PresenceRemoved, "/data/progress", EVERY)],
        &[(Kind::PresenceAdded, "/data/progress", EVERY)],
    ),
    case(
        &[(
            "        output_format:\n          type: string\n",
            "        output_format:\n          type: boolean\n",
        )],
        &[(Kind::TypeChanged, "/data/data/output_format", EVERY)],
        &[(Kind::TypeChanged, "/data/data/output_format", EVERY)],
    ),
    case(
        &[(
            "        frames:\n          type: integer\n          format: int64\n",
            "        frames:\n          type: number\n",
        )],
        &[(Kind::TypeWidened, "/data/data/frames", EVERY)],
        &[(Kind::TypeNarrowed, "/data/data/frames", EVERY)],
    ),
    case(
        &[(
            "          items:\n            type: object\n            additionalProperties: true\n",
            "          items:\n            type: string\n",
        )],
        &[(Kind::TypeChanged, "/data/data/tools/*", EVERY)],
        &[(Kind::TypeChanged, "/data/data/tools/*", EVERY)],
    ),
    case(
        &[(
            "          items:\n            type: object\n            additionalProperties: true\n",
            "",
        )],
        &[(Kind::TypeWidened, "/data/data/tools/*", EVERY)],
        &[(Kind::TypeNarrowed, "/data/data/tools/*", EVERY)],
    ),
    case(
        &[(
            "            type: object\n            additionalProperties: true\n",
            "            type: object\n            required: [name]\n            properties:\n              name:\n                type: string\n",
        )],
        &[
            (Kind::MembersClosed, "/data/data/tools/*", EVERY),
            (Kind::RequiredFieldAdded, "/data/data/tools/*/name", EVERY),
        ],
        &[
            (Kind::MembersOpened, "/data/data/tools/*", EVERY),
            (Kind::FieldRemoved, "/data/data/tools/*/name", EVERY),
        ],
    ),
    case(
        &[(
            "        output_format:\n          type: string\n",
            "        output_format:\n          type: string\n          nullable: true\n",
        )],
        &[(Kind::NullAdded, "/data/data/output_format", EVERY)],
        &[(Kind::NullRemoved, "/data/data/output_format", EVERY)],
    ),
    case(
        &[(
            "x-extensible-enum: [default, flex]",
            "enum: [default, flex]",
        )],
        &[(Kind::ValuesClosed, "/data/data/service_tier", EVERY)],
        &[(Kind::ValuesOpened, "/data/data/service_tier", EVERY)],
    ),
    Case {
        old: &[(
            "x-extensible-enum: [default, flex]",
            "enum: [default, flex]",
        )],
        new: &[("x-extensible-enum: [default, flex]", "enum: [default]")],
        there: &[(Kind::ValuesNarrowed, "/data/data/service_tier", EVERY)],
        back: &[(Kind::ValuesWidened, "/data/data/service_tier", EVERY)],
    },
    case(
        &[("minLength: 1", "minLength: 8")],
        &[(Kind::MinLengthRaised, "/data/task_id", EVERY)],
        &[(Kind::MinLengthLowered, "/data/task_id", EVERY)],
    ),
    case(
        &[(
            "        - type: integer\n          format: int64\n          x-source: observed\n",
            "        - type: integer\n          format: int64\n",
        )],
        &[
            (Kind::DocumentedTypesChanged, "/code", "error"),
            (Kind::DocumentedTypesChanged, "/error/code", "error"),
        ],
        &[
            (Kind::DocumentedTypesChanged, "/code", "error"),
            (Kind::DocumentedTypesChanged, "/error/code", "error"),
        ],
    ),
    case(
        &[(
            "x-extensible-enum: [success]",
            "x-extensible-enum: [success, ok]",
        )],
        &[(Kind::OpenValuesAdded, "/code", EVERY)],
        &[(Kind::OpenValuesRemoved, "/code", EVERY)],
    ),
    case(
        &[("          x-extensible-enum: [720p, 1080p, 2k]\n", "")],
        &[(
            Kind::OpenSetRemoved,
            "/data/data/super_resolution",
            "super_resolution",
        )],
        &[(
            Kind::OpenSetAdded,
            "/data/data/super_resolution",
            "super_resolution",
        )],
    ),
    case(
        &[("'^(100|[1-9]?[0-9])%$'", "'^[0-9]+%$'")],
        &[(Kind::PatternChanged, "/data/progress", EVERY)],
        &[(Kind::PatternChanged, "/data/progress", EVERY)],
    ),
    case(
        &[(
            "      description: The upstream's reason for a failure.\n",
            "      description: The upstream's reason for a failure.\n      additionalProperties: true\n",
        )],
        &[(Kind::MembersOpened, "/data/data/error", EVERY)],
        &[(Kind::MembersClosed, "/data/data/error", EVERY)],
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
                Kind::ValidForChanged,
                "/data/result_url",
                "normal, super_resolution",
            ),
            (
                Kind::ValidForChanged,
                "/data/original_result_url",
                "super_resolution",
            ),
        ],
        &[
            (
                Kind::ValidForChanged,
                "/data/result_url",
                "normal, super_resolution",
            ),
            (
                Kind::ValidForChanged,
                "/data/original_result_url",
                "super_resolution",
            ),
        ],
    ),
];
